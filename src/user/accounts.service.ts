import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId } from '../common/ids.js';
import { normalizeEmail } from './email.js';
import { UserStore } from './user-store.port.js';
import type { User, UserWithPassword } from './user.js';

/** Accounts by id and by email; the only caller of the store, so that every email in it is normalised. */
@Injectable()
export class Accounts {
  constructor(private readonly users: UserStore) {}

  /** A new account of role `user`. EMAIL_TAKEN where there is one already, also when two callers race. */
  async create(email: string, passwordHash: string): Promise<User> {
    const user = await this.users.insert({ id: newRowId(), email: normalizeEmail(email), passwordHash });
    if (!user) throw new TalksyError('EMAIL_TAKEN');
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
}
