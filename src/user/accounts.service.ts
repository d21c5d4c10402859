import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId } from '../common/ids.js';
import { normalizeEmail } from './email.js';
import { type UserChange, type UserRefusal, UserStore } from './user-store.port.js';
import type { Role, User, UserWithPassword } from './user.js';

/** Accounts by id and by email; the only caller of the store, so that every email in it is normalised. */
@Injectable()
export class Accounts {
  constructor(private readonly users: UserStore) {}

  /** A new account. EMAIL_TAKEN where there is one already, also when two callers race. */
  async create(email: string, passwordHash: string, role: Role = 'user'): Promise<User> {
    const user = await this.users.insert({ id: newRowId(), email: normalizeEmail(email), passwordHash, role });
    if (!user) throw new TalksyError('EMAIL_TAKEN');
    return user;
  }

  /** The account of this id; made where it is missing, without a password. Safe when several nodes ask at once. */
  async ensure(id: string, email: string, role: Role): Promise<User> {
    const inserting = this.users.insert({ id, email: normalizeEmail(email), role }).catch((error: unknown) => {
      if (error instanceof TalksyError && error.code === 'CONFLICT') return undefined;
      throw error;
    });
    const user = (await inserting) ?? (await this.users.find(id));
    if (!user) throw new TalksyError('CONFLICT', `The address ${email} belongs to another account.`);
    return user;
  }

  /** The account, or undefined where it does not exist (any more). */
  find(id: string): Promise<User | undefined> {
    return this.users.find(id);
  }

  /** The account with its password hash, whatever the case of the email. */
  findByEmail(email: string): Promise<UserWithPassword | undefined> {
    return this.users.findByEmail(normalizeEmail(email));
  }

  /** At most `limit` accounts, oldest first, those behind the id `after` only. */
  list(limit: number, after?: string): Promise<User[]> {
    return this.users.list(limit, after);
  }

  /** NOT_FOUND; CONFLICT where no admin would be left. */
  async change(id: string, change: UserChange): Promise<User> {
    const changed = await this.users.change(id, change);
    if (typeof changed === 'string') throw refusal(changed);
    return changed;
  }

  /** False where the account is gone. */
  setPassword(id: string, passwordHash: string): Promise<boolean> {
    return this.users.setPassword(id, passwordHash);
  }

  /** Deletes guests whose sign-ins are all over; at most `limit`, returns how many. */
  deleteStrandedGuests(madeBefore: Date, limit: number): Promise<number> {
    return this.users.deleteStrandedGuests(madeBefore, limit);
  }

  /** Deletes the account and everything of it; one that is gone is no error. CONFLICT for the last admin. */
  async delete(id: string): Promise<void> {
    const outcome = await this.users.delete(id);
    if (outcome === 'last-admin') throw refusal(outcome);
  }
}

function refusal(reason: UserRefusal): TalksyError {
  if (reason === 'missing') return new TalksyError('NOT_FOUND', 'This account does not exist.');
  return new TalksyError('CONFLICT', 'This is the last admin; make somebody else one first.');
}
