import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { isUuid } from '../../common/ids.js';
import type { Message } from '../../conversation/message.js';
import { type Fork, MessageTree } from '../../conversation/message-tree.port.js';
import { MESSAGE_COLUMNS, toMessage } from '../conversation-store/message-row.js';
import { Database } from '../database/database.js';
import { forkMessages } from './fork-messages.sql.js';

const ERASED = JSON.stringify({ erased: true });

/** Branches in SQL: walks follow one path of the tree by its indexes, whatever else the conversation holds. */
@Injectable()
export class PostgresMessageTree extends MessageTree {
  constructor(private readonly database: Database) {
    super();
  }

  /** The conversation is locked first, as every claim does: of both the later one has the last word. */
  override async switchTo(conversationId: string, messageId: string): Promise<string | undefined> {
    if (!isUuid(messageId)) return undefined;
    const { rows } = await this.database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await sql`select from conversations where id = ${conversationId} for update`.execute(transaction);
        return sql<{ active_leaf_id: string }>`
          with recursive down as (
            select id, depth from messages where id = ${messageId}::uuid and conversation_id = ${conversationId}
            union all
            select child.id, child.depth from down, lateral (
              select id, depth from messages where parent_id = down.id order by id desc limit 1
            ) as child
          ), leaf as (
            select id, depth from down order by depth desc limit 1
          )
          update conversations set active_leaf_id = leaf.id, active_depth = leaf.depth
          from leaf where conversations.id = ${conversationId}
          returning active_leaf_id
        `.execute(transaction);
      }),
    );
    return rows[0]?.active_leaf_id;
  }

  override async fork(fork: Fork): Promise<boolean> {
    return this.database.run((db) => db.transaction().execute((transaction) => forkMessages(transaction, fork)));
  }

  override async erase(ids: readonly string[]): Promise<void> {
    await this.database.run((db) =>
      db
        .updateTable('messages')
        .set({
          content: '',
          chunk_ends: null,
          input: ERASED,
          attachments: null,
          calls: null,
          updated_at: sql<Date>`now()`,
        })
        .where('id', 'in', [...ids])
        .execute(),
    );
  }

  override async branchIds(conversationId: string): Promise<string[]> {
    const { rows } = await this.database.run((db) =>
      sql<{ id: string }>`
        with recursive path as (
          select message.id, message.parent_id, message.depth
          from conversations conversation join messages message on message.id = conversation.active_leaf_id
          where conversation.id = ${conversationId}
          union all
          select message.id, message.parent_id, message.depth
          from path join messages message on message.id = path.parent_id
        )
        select id from path order by depth
      `.execute(db),
    );
    return rows.map(({ id }) => id);
  }

  override async read(ids: readonly string[]): Promise<Message[]> {
    if (ids.length === 0) return [];
    const rows = await this.database.run((db) =>
      db
        .selectFrom('messages')
        .select(MESSAGE_COLUMNS)
        .where('id', 'in', [...ids])
        .execute(),
    );
    const found = new Map(rows.map((row) => [row.id, toMessage(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  override async list(conversationId: string, limit: number, after?: string): Promise<Message[]> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('messages')
        .select(MESSAGE_COLUMNS)
        .where('conversation_id', '=', conversationId)
        .$if(after !== undefined, (query) => query.where('id', '>', after!))
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    return rows.map(toMessage);
  }
}
