import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.port.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Accounts } from '../../user/accounts.service.js';
import type { User } from '../../user/user.js';
import { AccountEnding } from '../account/account-ending.service.js';
import type { ChangeUserDto } from './change-user.dto.js';

/** What admins do to accounts. Who calls it has checked the role. */
@Injectable()
export class UserAdmin {
  constructor(
    private readonly accounts: Accounts,
    private readonly ending: AccountEnding,
    private readonly bus: EventBus,
  ) {}

  /** A page of accounts, oldest first, and the id behind which the next one begins. */
  async list(limit: number, after?: string): Promise<{ users: User[]; next: string | undefined }> {
    const found = await this.accounts.list(limit + 1, after);
    const users = found.slice(0, limit);
    return { users, next: found.length > limit ? users.at(-1)?.id : undefined };
  }

  /** NOT_FOUND; CONFLICT where no admin would be left, or for the role of a guest or service. */
  async change(userId: string, { role, disabled }: ChangeUserDto): Promise<User> {
    if (role !== undefined) await this.requirePerson(userId);
    if (disabled === true) {
      const user = await this.ending.disable(userId);
      return role === undefined ? user : this.accounts.change(userId, { role });
    }
    const user = await this.accounts.change(userId, { ...(role && { role }), ...(disabled === false && { disabled }) });
    await this.bus.publish('account.changed', { userId });
    return user;
  }

  private async requirePerson(userId: string): Promise<void> {
    const user = await this.accounts.find(userId);
    if (!user || user.role === 'user' || user.role === 'admin') return;
    throw new TalksyError('CONFLICT', `The role of a ${user.role} cannot be changed.`);
  }
}
