import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import {
  type NewTokenFamily,
  type StoredRefreshToken,
  type TokenFamily,
  TokenFamilyStore,
} from '../../auth/token-family-store.port.js';
import { Clock } from '../../common/clock.js';
import { isUuid } from '../../common/ids.js';
import { Database } from '../database/database.js';
import type { TokenFamilyTable } from '../database/schema.js';

/**
 * Sign-ins in SQL. Time is the injected clock's, the same by which the tokens' grace and expiry are judged. Every
 * change of a family's tokens first locks the family, so that a rotation and a revocation cannot both win.
 */
@Injectable()
export class PostgresTokenFamilyStore extends TokenFamilyStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Shares a lock with the account's row: a change of password or standing is seen, or sees this family. */
  override async open(family: NewTokenFamily, tokenHash: string): Promise<boolean> {
    const { id, userId, expiresAt, passwordHash = null } = family;
    const { rows } = await this.database.run((db) =>
      sql`
        with owner as (
          select id from users
          where id = ${userId}::uuid and disabled_at is null
            and (${passwordHash}::text is null or password_hash = ${passwordHash}::text)
          for share
        ), family as (
          insert into token_families (id, user_id, expires_at)
          select ${id}::uuid, id, ${expiresAt}::timestamptz from owner
          returning id
        )
        insert into refresh_tokens (hash, family_id) select ${tokenHash}::text, id from family returning hash
      `.execute(db),
    );
    return rows.length === 1;
  }

  override async findToken(tokenHash: string): Promise<StoredRefreshToken | undefined> {
    const row = await this.database.run((db) =>
      db
        .selectFrom('refresh_tokens as token')
        .innerJoin('token_families as family', 'family.id', 'token.family_id')
        .leftJoin('refresh_tokens as successor', 'successor.hash', 'token.successor_hash')
        .select(['family.id', 'family.user_id', 'family.expires_at', 'family.revoked_at'])
        .select(['token.spent_at', 'successor.spent_at as successor_spent_at'])
        .where('token.hash', '=', tokenHash)
        .executeTakeFirst(),
    );
    if (!row) return undefined;
    return {
      family: toFamily(row),
      spentAt: row.spent_at ?? undefined,
      successorSpent: row.successor_spent_at !== null,
    };
  }

  override async rotate(tokenHash: string, successorHash: string, expiresAt: Date): Promise<boolean> {
    const { rows } = await this.database.run((db) =>
      sql`
        with family as (
          select family.id
          from refresh_tokens token join token_families family on family.id = token.family_id
          where token.hash = ${tokenHash} and family.revoked_at is null and family.expires_at > ${this.now()}::timestamptz
          for update of family
        ), spent as (
          update refresh_tokens token set spent_at = ${this.now()}::timestamptz, successor_hash = ${successorHash}::text
          from family
          where token.hash = ${tokenHash} and token.spent_at is null
          returning token.family_id
        ), successor as (
          insert into refresh_tokens (hash, family_id) select ${successorHash}::text, family_id from spent
        )
        update token_families family set expires_at = ${expiresAt}::timestamptz
        from spent where family.id = spent.family_id
        returning family.id
      `.execute(db),
    );
    return rows.length === 1;
  }

  override async revoke(familyId: string): Promise<boolean> {
    if (!isUuid(familyId)) return false;
    const ended = await this.database.run((db) =>
      db
        .updateTable('token_families')
        .set({ revoked_at: this.now() })
        .where('id', '=', familyId)
        .where('revoked_at', 'is', null)
        .returning('id')
        .executeTakeFirst(),
    );
    return ended !== undefined;
  }

  override async revokeAllOf(userId: string, exceptFamilyId?: string): Promise<string[]> {
    const ended = await this.database.run((db) => {
      const all = db.updateTable('token_families').set({ revoked_at: this.now() }).where('user_id', '=', userId);
      const open = all.where('revoked_at', 'is', null).returning('id');
      return (exceptFamilyId === undefined ? open : open.where('id', '<>', exceptFamilyId)).execute();
    });
    return ended.map(({ id }) => id);
  }

  override async findFamily(id: string): Promise<TokenFamily | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.database.run((db) =>
      db.selectFrom('token_families').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && toFamily(row);
  }

  override async deleteExpired(before: Date): Promise<number> {
    const { numDeletedRows } = await this.database.run((db) =>
      db.deleteFrom('token_families').where('expires_at', '<', before).executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

const toFamily = (row: Omit<Selectable<TokenFamilyTable>, 'created_at'>): TokenFamily => ({
  id: row.id,
  userId: row.user_id,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at ?? undefined,
});
