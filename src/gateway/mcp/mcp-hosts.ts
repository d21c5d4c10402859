import type { IncomingHttpHeaders } from 'node:http';
import { TalksyError } from '../../common/errors/talksy-error.js';

const OWN_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses a Host or Origin that is neither this machine's own nor allowed: a page that leads a foreign name to this
 * address (DNS rebinding) gets nowhere. An entry without a port allows every port. Throws FORBIDDEN.
 */
export function requireKnownHost({ host, origin }: IncomingHttpHeaders, allowed: readonly string[]): void {
  const isKnown = (name: string): boolean => {
    const withoutPort = name.replace(/:\d+$/, '');
    return OWN_NAMES.includes(withoutPort) || allowed.includes(name) || allowed.includes(withoutPort);
  };
  if (!host || !isKnown(host.toLowerCase())) throw new TalksyError('FORBIDDEN', 'This host is not allowed here.');
  if (origin === undefined) return;
  const from = URL.canParse(origin) ? new URL(origin).host : '';
  if (!isKnown(from)) throw new TalksyError('FORBIDDEN', 'This origin is not allowed here.');
}
