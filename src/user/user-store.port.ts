import type { Role, User, UserWithPassword } from './user.js';

export interface NewUser {
  id: string;
  email: string;
  /** Without one nobody can sign in with a password. */
  passwordHash?: string;
  /** `user` where it is not given. */
  role?: Role;
}

/** What an admin may change of an account. */
export interface UserChange {
  role?: Role;
  disabled?: boolean;
}

/** Why an account was left as it is. */
export type UserRefusal = 'missing' | 'last-admin';

/**
 * Accounts. Emails are compared as given: whoever calls normalises them first. Guarantees (user-store.contract.ts):
 * every method is atomic, and neither `change` nor `delete` takes away the last admin who is not disabled, however many
 * ask at once; they answer `last-admin` instead.
 */
export abstract class UserStore {
  /** Returns the new user, or undefined where the email is taken (also when two callers race). */
  abstract insert(user: NewUser): Promise<User | undefined>;
  abstract find(id: string): Promise<User | undefined>;
  abstract findByEmail(email: string): Promise<UserWithPassword | undefined>;
  /** At most `limit` accounts in the order of their ids, those behind `after` only. */
  abstract list(limit: number, after?: string): Promise<User[]>;
  /** The account as it is then. Disabling a disabled one keeps its time. */
  abstract change(id: string, change: UserChange): Promise<User | UserRefusal>;
  /** False where the account is gone. */
  abstract setPassword(id: string, passwordHash: string): Promise<boolean>;
  /** Deletes the account and everything that belongs to it. */
  abstract delete(id: string): Promise<'deleted' | UserRefusal>;
  /** Deletes at most `limit` guests who were made before `before` and have no sign-in left; returns how many. */
  abstract deleteStrandedGuests(before: Date, limit: number): Promise<number>;
}
