export type Role = 'user' | 'admin';

export interface User {
  id: string;
  /** Normalised: trimmed and in lower case. */
  email: string;
  role: Role;
  createdAt: Date;
}

export interface UserWithPassword extends User {
  passwordHash: string;
}
