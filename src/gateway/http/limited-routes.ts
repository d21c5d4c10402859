/** What a request counts as: nothing, a REST request, or one that is also a sign-in. */
export type RequestKind = 'exempt' | 'request' | 'sign-in';

/** For operators, machines and pages: what they ask for costs next to nothing, or must always be had. */
const EXEMPT = /^\/(health|metrics|docs|playground|api\/health)(\/|$)/;

const SIGN_IN = /^\/auth\/(register|login|refresh)\/?$/;

/** Paths compare as in Express's router: without case, with or without a slash at the end. */
export function kindOf(method: string, path: string): RequestKind {
  const plain = path.toLowerCase();
  if (EXEMPT.test(plain)) return 'exempt';
  return method === 'POST' && SIGN_IN.test(plain) ? 'sign-in' : 'request';
}
