import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { isUuid } from '../../common/ids.js';
import type { Conversation } from '../../conversation/conversation.js';
import {
  ConversationStore,
  type ConversationSummary,
  type HistoryQuery,
  type QuestionSettings,
  type SeenConversation,
} from '../../conversation/conversation-store.port.js';
import type { Message } from '../../conversation/message.js';
import { Database } from '../database/database.js';
import { rankIn, roleOfRank } from './conversation-rank.sql.js';
import { toConversation, toSettings } from './conversation-row.js';
import { HISTORY_PATH, messagePath, type PathRow } from './message-path.sql.js';
import { MESSAGE_COLUMNS, toMessage } from './message-row.js';

/** Two queries of which one is made, so that each has its index. */
const WITH_SIBLINGS = sql`path.*, case when path.parent_id is null
          then (select jsonb_agg(id order by id) from messages
                where conversation_id = path.conversation_id and parent_id is null)
          else (select jsonb_agg(id order by id) from messages where parent_id = path.parent_id) end as sibling_ids`;

/** Conversations in SQL. A path is read from its end upwards, so its cost is its length, not the conversation's. */
@Injectable()
export class PostgresConversationStore extends ConversationStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async find(id: string): Promise<Conversation | undefined> {
    const row = await this.database.run((db) =>
      db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && toConversation(row);
  }

  override async findFor(id: string, userId: string): Promise<SeenConversation | undefined> {
    const row = await this.database.run((db) =>
      db
        .selectFrom('conversations')
        .selectAll()
        .select(rankIn('conversations', userId).as('rank'))
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    const role = row && roleOfRank(row.rank);
    return role && { conversation: toConversation(row), role };
  }

  override async settingsFor(messageId: string): Promise<QuestionSettings> {
    const row = await this.database.run((db) =>
      db
        .selectFrom('messages')
        .innerJoin('conversations', 'conversations.id', 'messages.conversation_id')
        .select(['conversations.model', 'temperature', 'system_prompt', 'messages.input'])
        .where('messages.id', '=', messageId)
        .executeTakeFirst(),
    );
    return row ? { ...toSettings(row), ...(row.input && { input: row.input }) } : {};
  }

  override async findMessage(id: string): Promise<Message | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await this.database.run((db) =>
      db.selectFrom('messages').select(MESSAGE_COLUMNS).where('id', '=', id).executeTakeFirst(),
    );
    return row && toMessage(row);
  }

  override async history(conversationId: string, { limit, before }: HistoryQuery): Promise<Message[]> {
    if (before === undefined) {
      return this.path(sql`select active_leaf_id from conversations where id = ${conversationId}`, limit);
    }
    if (!isUuid(before)) return [];
    return this.path(
      sql`select parent_id from messages where id = ${before}::uuid and conversation_id = ${conversationId}`,
      limit,
    );
  }

  override async pathTo(messageId: string, limit: number): Promise<Message[]> {
    if (!isUuid(messageId) || limit < 1) return [];
    const rows = await this.database.run((db) => HISTORY_PATH.execute<PathRow>(db, { messageId, limit }));
    return rows.map(toPathMessage);
  }

  override async findSummary(conversationId: string): Promise<ConversationSummary | undefined> {
    const row = await this.database.run((db) =>
      db
        .selectFrom('conversations')
        .select(['summary', 'summary_of'])
        .where('id', '=', conversationId)
        .executeTakeFirst(),
    );
    return row?.summary && row.summary_of ? { text: row.summary, upTo: row.summary_of } : undefined;
  }

  override async saveSummary(conversationId: string, { text, upTo }: ConversationSummary): Promise<void> {
    await this.database.run((db) =>
      db
        .updateTable('conversations')
        .set({ summary: text.replaceAll('\0', '\uFFFD').toWellFormed(), summary_of: upTo })
        .where('id', '=', conversationId)
        .execute(),
    );
  }

  /** The last `limit` messages of the path that ends at the message which `end` selects, as people are shown them. */
  private async path(end: RawBuilder<unknown>, limit: number): Promise<Message[]> {
    if (limit < 1) return [];
    const statement = messagePath(end, sql`${limit}::integer`, { more: WITH_SIBLINGS });
    const { rows } = await this.database.run((db) => statement.execute(db));
    return rows.map(toPathMessage);
  }
}

function toPathMessage({ sibling_ids: siblingIds, items, calls, ...row }: PathRow): Message {
  return {
    ...toMessage(row),
    ...(items && { items }),
    ...(calls && { calls }),
    ...(siblingIds && siblingIds.length > 1 && { siblingIds }),
  };
}
