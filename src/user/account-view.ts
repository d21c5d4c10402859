import type { Role, User } from './user.js';

/** An account as its owner sees it. */
export interface AccountView {
  id: string;
  email: string;
  role: Role;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** The personal organization that every user has; its id is the user's own. */
  defaultOrgId: string;
}

/** What of an account goes over the wire; never the password hash, whatever else the row holds. */
export function accountView({ id, email, role, createdAt }: User): AccountView {
  return { id, email, role, createdAt: createdAt.toISOString(), defaultOrgId: id };
}
