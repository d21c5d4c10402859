import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Accounts } from '../../user/accounts.service.js';

/** Finds the user whom a client means, by id or by email. */
@Injectable()
export class MemberLookup {
  constructor(private readonly accounts: Accounts) {}

  /**
   * `permit` comes first: only who may add members learns whether an address has an account. Throws VALIDATION_ERROR
   * where neither is given, NOT_FOUND for an address that is unknown.
   */
  async idOf({ userId, email }: { userId?: string; email?: string }, permit: () => Promise<void>): Promise<string> {
    if (!userId && !email) throw new TalksyError('VALIDATION_ERROR', 'userId or email must be given');
    await permit();
    const user = userId ? { id: userId } : await this.accounts.findByEmail(email!);
    if (!user) throw new TalksyError('NOT_FOUND', 'There is no such user.');
    return user.id;
  }
}
