import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { ErrorSummary } from '../../common/errors/talksy-error.js';
import type { ModelToolCall } from '../../common/model-message.js';
import type { ConversationRole } from '../../conversation/conversation.js';
import type { AttachmentNote, ChunkEnd, Message } from '../../conversation/message.js';
import type { MessageInput } from '../../conversation/message-input.js';
import type { FinishReason } from '../../run/run-event.js';
import type { RunStatus } from '../../run/run.js';
import type { StatelessPrompt } from '../../run/stateless-prompt.js';
import type { MemberRole } from '../../user/organization.js';
import type { Role } from '../../user/user.js';

/** When a row was made: the database's own time, never written by hand. */
type CreatedAt = ColumnType<Date, never, never>;

/** JSON columns are written as JSON text: the pg driver would turn an array into a PostgreSQL array. */
type Json<T extends object> = JSONColumnType<T | null, string | null, string | null>;

/** What an answer cost and who gave it; in `messages` for readers, in `runs` for accounts. */
interface EndColumns {
  finish_reason: FinishReason | null;
  provider: string | null;
  model: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  total_tokens: number | null;
  usage_estimated: boolean | null;
}

export interface UserTable {
  id: string;
  email: string;
  password_hash: string | null;
  role: Generated<Role>;
  disabled_at: Date | null;
  created_at: CreatedAt;
}

export interface ApiKeyTable {
  id: string;
  user_id: string;
  name: string;
  hash: string;
  hint: string;
  expires_at: Date | null;
  last_used_at: Date | null;
  created_at: CreatedAt;
}

export interface TokenFamilyTable {
  id: string;
  user_id: string;
  expires_at: Date;
  revoked_at: Date | null;
  created_at: CreatedAt;
}

export interface RefreshTokenTable {
  hash: string;
  family_id: string;
  successor_hash: string | null;
  spent_at: Date | null;
}

export interface ConversationTable {
  id: string;
  user_id: string;
  title: string | null;
  system_prompt: string | null;
  model: string | null;
  temperature: number | null;
  active_leaf_id: string | null;
  active_depth: number;
  summary: string | null;
  summary_of: string | null;
  organization_id: string | null;
  project_id: string | null;
  archived_at: Date | null;
  forked_from: string | null;
  created_at: CreatedAt;
  updated_at: Generated<Date>;
}

export interface ConversationMemberTable {
  conversation_id: string;
  user_id: string;
  role: ConversationRole;
  created_at: CreatedAt;
}

export interface OrganizationTable {
  id: string;
  name: string;
  personal_of: string | null;
  created_at: CreatedAt;
  updated_at: Generated<Date>;
}

export interface OrganizationMemberTable {
  organization_id: string;
  user_id: string;
  role: MemberRole;
  created_at: CreatedAt;
}

export interface ProjectTable {
  id: string;
  organization_id: string;
  name: string;
  created_at: CreatedAt;
  updated_at: Generated<Date>;
}

export interface ProjectMemberTable {
  project_id: string;
  user_id: string;
  role: MemberRole;
  created_at: CreatedAt;
}

export interface MessageTable extends EndColumns {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  depth: number;
  role: Message['role'];
  content: string;
  status: Message['status'];
  user_id: string;
  client_message_id: string | null;
  run_id: string | null;
  run_epoch: number | null;
  chunk_ends: Json<ChunkEnd[]>;
  input: Json<MessageInput>;
  attachments: Json<AttachmentNote[]>;
  calls: Json<ModelToolCall[]>;
  created_at: CreatedAt;
  updated_at: Generated<Date>;
}

export interface RunTable extends EndColumns {
  id: string;
  user_id: string;
  status: RunStatus;
  conversation_id: string | null;
  user_message_id: string | null;
  client_message_id: string | null;
  message_id: string | null;
  requested_model: string | null;
  epoch: number;
  owner: string | null;
  held_until: Date | null;
  stop_requested_at: Date | null;
  continues: string | null;
  continued_by: string | null;
  recoveries: Generated<number>;
  queue_place: number | null;
  user_slot: number | null;
  tools: Json<readonly string[]>;
  has_effects: Generated<boolean>;
  prompt: Json<StatelessPrompt>;
  final_seq: number | null;
  error: Json<ErrorSummary>;
  created_at: CreatedAt;
  ended_at: Date | null;
}

export interface ToolApprovalTable {
  run_id: string;
  call_id: string;
  user_id: string;
  tool_name: string;
  digest: string;
  status: Generated<'pending' | 'approved' | 'denied'>;
  reason: string | null;
  requested_at: CreatedAt;
  expires_at: Date;
  decided_at: Date | null;
  spent_at: Date | null;
}

export interface InstallationTable {
  id: Generated<string>;
}

export interface TokenDayTable {
  user_id: string;
  /** A day in UTC, `YYYY-MM-DD`. */
  day: string;
  used: Generated<number>;
}

export interface TokenReservationTable {
  run_id: string;
  user_id: string;
  day: string;
  tokens: number;
}

/** Every table, as `migrations/` makes them; see there for what each column is for. */
export interface Tables {
  users: UserTable;
  token_families: TokenFamilyTable;
  refresh_tokens: RefreshTokenTable;
  api_keys: ApiKeyTable;
  conversations: ConversationTable;
  conversation_members: ConversationMemberTable;
  organizations: OrganizationTable;
  organization_members: OrganizationMemberTable;
  projects: ProjectTable;
  project_members: ProjectMemberTable;
  messages: MessageTable;
  runs: RunTable;
  installation: InstallationTable;
  tool_approvals: ToolApprovalTable;
  token_days: TokenDayTable;
  token_reservations: TokenReservationTable;
}
