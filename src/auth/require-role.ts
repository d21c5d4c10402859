import { TalksyError } from '../common/errors/talksy-error.js';
import type { Role } from '../user/user.js';
import type { Principal } from './principal.js';

/** Throws FORBIDDEN unless the caller has one of these roles; for HTTP and socket events alike. */
export function requireRole({ role }: Principal, ...roles: readonly Role[]): void {
  if (!roles.includes(role)) throw new TalksyError('FORBIDDEN');
}
