import type { Payload } from './assistant-client.js';

export interface Answer {
  status: number;
  body: Payload;
  headers: Headers;
}

/** One REST request as a client makes it; `credential` goes into the Authorization header. */
export async function rest(
  url: string,
  [method, path]: [method: string, path: string],
  { body, credential, headers }: { body?: unknown; credential?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}
