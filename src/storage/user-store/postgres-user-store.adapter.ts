import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { isUuid } from '../../common/ids.js';
import type { User, UserWithPassword } from '../../user/user.js';
import { type NewUser, UserStore } from '../../user/user-store.port.js';
import { Database } from '../database/database.js';
import type { UserTable } from '../database/schema.js';

const USER_COLUMNS = ['id', 'email', 'role', 'created_at'] as const;

/** Accounts in SQL. */
@Injectable()
export class PostgresUserStore extends UserStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async insert({ id, email, passwordHash }: NewUser): Promise<User | undefined> {
    const row = await this.database.run((db) =>
      db
        .insertInto('users')
        .values({ id, email, password_hash: passwordHash })
        .onConflict((conflict) => conflict.column('email').doNothing())
        .returning(USER_COLUMNS)
        .executeTakeFirst(),
    );
    return row && toUser(row);
  }

  override async find(id: string): Promise<User | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.database.run((db) =>
      db.selectFrom('users').select(USER_COLUMNS).where('id', '=', id).executeTakeFirst(),
    );
    return row && toUser(row);
  }

  override async findByEmail(email: string): Promise<UserWithPassword | undefined> {
    const row = await this.database.run((db) =>
      db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst(),
    );
    return row && { ...toUser(row), passwordHash: row.password_hash };
  }
}

const toUser = (row: Pick<Selectable<UserTable>, (typeof USER_COLUMNS)[number]>): User => ({
  id: row.id,
  email: row.email,
  role: row.role,
  createdAt: row.created_at,
});
