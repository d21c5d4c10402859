import type { User, UserWithPassword } from './user.js';

export interface NewUser {
  id: string;
  email: string;
  passwordHash: string;
}

/** Accounts. Emails are compared as given: whoever calls normalises them first. */
export abstract class UserStore {
  /** Returns the new user, or undefined where the email is taken (also when two callers race). */
  abstract insert(user: NewUser): Promise<User | undefined>;
  abstract find(id: string): Promise<User | undefined>;
  abstract findByEmail(email: string): Promise<UserWithPassword | undefined>;
}
