/** What an account may do. A guest has no password; a service comes with a key of the configuration only. */
export type Role = 'user' | 'admin' | 'guest' | 'service';

export interface User {
  id: string;
  /** Normalised: trimmed and in lower case. */
  email: string;
  role: Role;
  createdAt: Date;
  /** Since when it may do nothing; undefined where it may. */
  disabledAt: Date | undefined;
}

export interface UserWithPassword extends User {
  /** Undefined where nobody can sign in with a password. */
  passwordHash: string | undefined;
}
