import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type FoundMessage, type MessageQuery, MessageSearch } from '../../conversation/message-search.port.js';
import { Database } from '../database/database.js';

interface FoundRow {
  conversation_id: string;
  title: string | null;
  message_id: string;
  role: 'user' | 'assistant';
  excerpt: string;
  created_at: Date;
}

const BEFORE = 80;
const EXCERPT = 240;

/** Reads the user's own messages by the index of users: no index of words, which every message would have to pay for. */
@Injectable()
export class PostgresMessageSearch extends MessageSearch {
  constructor(private readonly database: Database) {
    super();
  }

  override async search(userId: string, { words, limit }: MessageQuery): Promise<FoundMessage[]> {
    const [first] = words;
    if (first === undefined || limit < 1) return [];
    const holds = words.map((word) => sql`message.content ilike ${`%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`}`);
    const { rows } = await this.database.run((db) =>
      sql<FoundRow>`
        select message.conversation_id, conversation.title, message.id as message_id, message.role, message.created_at,
          substring(
            message.content
            from greatest(1, position(lower(${first}) in lower(message.content)) - ${BEFORE}::integer)
            for ${EXCERPT}::integer
          ) as excerpt
        from messages message join conversations conversation on conversation.id = message.conversation_id
        where message.user_id = ${userId}::uuid and conversation.user_id = ${userId}::uuid
          and ${sql.join(holds, sql` and `)}
        order by message.created_at desc, message.id desc
        limit ${limit}::integer
      `.execute(db),
    );
    return rows.map(toFoundMessage);
  }
}

const toFoundMessage = (row: FoundRow): FoundMessage => ({
  conversationId: row.conversation_id,
  title: row.title ?? undefined,
  messageId: row.message_id,
  role: row.role,
  excerpt: row.excerpt,
  createdAt: row.created_at,
});
