import { type RawBuilder, sql } from 'kysely';
import type { ModelMessage, ModelToolCall } from '../../common/model-message.js';
import { StoredStatement } from '../database/stored-statement.js';
import { MESSAGE_COLUMNS, type MessageRow } from './message-row.js';

/** A message of a path, with what was asked for beside it. */
export interface PathRow extends MessageRow {
  sibling_ids?: readonly string[] | null;
  items?: readonly ModelMessage[] | null;
  calls?: readonly ModelToolCall[] | null;
}

const COLUMNS = sql.join(MESSAGE_COLUMNS.map((column) => sql.ref(`message.${column}`)));

/** What models read of a message, which people are not shown. */
const FOR_MODELS = sql`, message.input->'items' as items, message.calls`;

/**
 * The last `limit` messages of the path that ends at the message which `end` selects, with further `columns` of each,
 * and with `more` of what is found. Read from its end upwards, so its cost is its length, not the conversation's.
 */
export const messagePath = (
  end: RawBuilder<unknown>,
  limit: RawBuilder<unknown>,
  { columns = sql``, more = sql`path.*` }: { columns?: RawBuilder<unknown>; more?: RawBuilder<unknown> },
): RawBuilder<PathRow> => sql<PathRow>`
  with recursive path as (
    select ${COLUMNS}${columns}, 1 as step from messages message where message.id = (${end})
    union all
    select ${COLUMNS}${columns}, path.step + 1
    from path join messages message on message.id = path.parent_id
    where path.step < ${limit}
  )
  select ${more} from path order by depth`;

const RETURNED = {
  id: 'uuid',
  conversation_id: 'text',
  parent_id: 'uuid',
  depth: 'integer',
  role: 'text',
  content: 'text',
  status: 'text',
  client_message_id: 'text',
  run_id: 'uuid',
  finish_reason: 'text',
  provider: 'text',
  model: 'text',
  prompt_tokens: 'integer',
  completion_tokens: 'integer',
  total_tokens: 'integer',
  usage_estimated: 'boolean',
  attachments: 'jsonb',
  created_at: 'timestamptz',
} as const satisfies Record<(typeof MESSAGE_COLUMNS)[number], string>;

/** What a model reads before it answers a question: the path that ends there. */
export const HISTORY_PATH = new StoredStatement('history_path', {
  takes: { messageId: 'uuid', limit: 'integer' },
  returns: { ...RETURNED, items: 'jsonb', calls: 'jsonb' },
  body: ({ messageId, limit }) =>
    messagePath(sql`select ${messageId}`, limit, {
      columns: FOR_MODELS,
      more: sql.join([...Object.keys(RETURNED), 'items', 'calls'].map((column) => sql.ref(`path.${column}`))),
    }),
});
