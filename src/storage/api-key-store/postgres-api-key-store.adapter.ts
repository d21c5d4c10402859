import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { type ApiKey, ApiKeyStore, type NewApiKey } from '../../auth/api-key-store.port.js';
import { isUuid } from '../../common/ids.js';
import { Database } from '../database/database.js';
import type { ApiKeyTable } from '../database/schema.js';

const COLUMNS = ['id', 'user_id', 'name', 'hint', 'created_at', 'expires_at', 'last_used_at'] as const;

type ApiKeyRow = Pick<Selectable<ApiKeyTable>, (typeof COLUMNS)[number]>;

/** API keys in SQL. */
@Injectable()
export class PostgresApiKeyStore extends ApiKeyStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async insert(key: NewApiKey, maxPerUser: number): Promise<ApiKey | undefined> {
    const { id, userId, name, hash, hint, expiresAt = null } = key;
    const { rows } = await this.database.run((db) =>
      sql<ApiKeyRow>`
        insert into api_keys (id, user_id, name, hash, hint, expires_at)
        select ${id}::uuid, id, ${name}::text, ${hash}::text, ${hint}::text, ${expiresAt}::timestamptz
        from users
        where id = ${userId}::uuid
          and (select count(*) from api_keys where user_id = ${userId}::uuid) < ${maxPerUser}
        returning id, user_id, name, hint, created_at, expires_at, last_used_at
      `.execute(db),
    );
    return rows[0] && toApiKey(rows[0]);
  }

  override async find(id: string): Promise<ApiKey | undefined> {
    return isUuid(id) ? this.findBy('id', id) : undefined;
  }

  override findByHash(hash: string): Promise<ApiKey | undefined> {
    return this.findBy('hash', hash);
  }

  override async listOf(userId: string): Promise<ApiKey[]> {
    const rows = await this.database.run((db) =>
      db.selectFrom('api_keys').select(COLUMNS).where('user_id', '=', userId).orderBy('id', 'desc').execute(),
    );
    return rows.map(toApiKey);
  }

  override async delete(userId: string, id: string): Promise<boolean> {
    if (!isUuid(id)) return false;
    const deleted = await this.database.run((db) =>
      db.deleteFrom('api_keys').where('id', '=', id).where('user_id', '=', userId).returning('id').execute(),
    );
    return deleted.length === 1;
  }

  override async noteUse(id: string, at: Date, notSince: Date): Promise<void> {
    await this.database.run((db) =>
      db
        .updateTable('api_keys')
        .set({ last_used_at: at })
        .where('id', '=', id)
        .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', notSince)]))
        .execute(),
    );
  }

  private async findBy(column: 'id' | 'hash', value: string): Promise<ApiKey | undefined> {
    const row = await this.database.run((db) =>
      db.selectFrom('api_keys').select(COLUMNS).where(column, '=', value).executeTakeFirst(),
    );
    return row && toApiKey(row);
  }
}

const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  hint: row.hint,
  createdAt: row.created_at,
  expiresAt: row.expires_at ?? undefined,
  lastUsedAt: row.last_used_at ?? undefined,
});
