import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { isUuid } from '../../common/ids.js';
import type { User, UserWithPassword } from '../../user/user.js';
import { type NewUser, type UserChange, type UserRefusal, UserStore } from '../../user/user-store.port.js';
import { Database } from '../database/database.js';
import type { UserTable } from '../database/schema.js';

const USER_COLUMNS = ['id', 'email', 'role', 'created_at', 'disabled_at'] as const;

type UserRow = Pick<Selectable<UserTable>, (typeof USER_COLUMNS)[number]>;

/**
 * Accounts in SQL. What may take an admin away locks all admins first, in one order: of two that ask at once the
 * second sees what the first has left.
 */
@Injectable()
export class PostgresUserStore extends UserStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async insert({ id, email, passwordHash, role = 'user' }: NewUser): Promise<User | undefined> {
    const row = await this.database.run((db) =>
      db
        .insertInto('users')
        .values({ id, email, password_hash: passwordHash ?? null, role })
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
    return row && { ...toUser(row), passwordHash: row.password_hash ?? undefined };
  }

  override async list(limit: number, after?: string): Promise<User[]> {
    const rows = await this.database.run((db) => {
      const all = db.selectFrom('users').select(USER_COLUMNS).orderBy('id').limit(limit);
      return (after === undefined ? all : all.where('id', '>', after)).execute();
    });
    return rows.map(toUser);
  }

  override async change(id: string, { role, disabled }: UserChange): Promise<User | UserRefusal> {
    if (!isUuid(id)) return 'missing';
    const endsAdmin = disabled === true || (role !== undefined && role !== 'admin');
    const { rows } = await this.database.run((db) =>
      sql<UserRow>`
        with ${activeAdmins}
        update users set
          role = coalesce(${role ?? null}::text, role),
          disabled_at = case ${disabled ?? null}::boolean
            when true then coalesce(disabled_at, now()) when false then null else disabled_at end
        where id = ${id}::uuid and (not ${endsAdmin}::boolean or ${sparesAnAdmin(id)})
        returning id, email, role, created_at, disabled_at
      `.execute(db),
    );
    return rows[0] ? toUser(rows[0]) : this.refusalFor(id);
  }

  override async setPassword(id: string, passwordHash: string): Promise<boolean> {
    const changed = await this.database.run((db) =>
      db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).returning('id').execute(),
    );
    return changed.length === 1;
  }

  override async delete(id: string): Promise<'deleted' | UserRefusal> {
    if (!isUuid(id)) return 'missing';
    const { rows } = await this.database.run((db) =>
      sql`
        with ${activeAdmins}
        delete from users where id = ${id}::uuid and ${sparesAnAdmin(id)} returning id
      `.execute(db),
    );
    return rows.length === 1 ? 'deleted' : this.refusalFor(id);
  }

  override async deleteStrandedGuests(before: Date, limit: number): Promise<number> {
    const { rows } = await this.database.run((db) =>
      sql`
        delete from users where id in (
          select id from users guest
          where role = 'guest' and created_at < ${before}::timestamptz
            and not exists (select 1 from token_families where user_id = guest.id)
          limit ${limit}
        )
        returning id
      `.execute(db),
    );
    return rows.length;
  }

  private async refusalFor(id: string): Promise<UserRefusal> {
    return (await this.find(id)) ? 'last-admin' : 'missing';
  }
}

const activeAdmins = sql`admins as (
  select id from users where role = 'admin' and disabled_at is null order by id for update
)`;

const sparesAnAdmin = (id: string) => sql`(
  (select count(*) from admins where id <> ${id}::uuid) > 0
  or not exists (select 1 from admins where id = ${id}::uuid)
)`;

const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  role: row.role,
  createdAt: row.created_at,
  disabledAt: row.disabled_at ?? undefined,
});
