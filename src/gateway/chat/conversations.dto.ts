import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { CONVERSATION_ROLES, type ConversationRole } from '../../conversation/conversation.js';

const LIMIT_MESSAGE = 'limit must be a whole number from 1 to 100';
const TITLE_MESSAGE = 'title must have 1 to 200 characters';
const TEMPERATURE_MESSAGE = 'temperature must be a number from 0 to 2';

/** `?limit&before`: a page of messages. */
export class MessagesQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: LIMIT_MESSAGE })
  @Min(1, { message: LIMIT_MESSAGE })
  @Max(100, { message: LIMIT_MESSAGE })
  limit: number = 100;

  @IsOptional()
  @IsUUID('all', { message: 'before must be the id of a message' })
  before?: string;
}

/** `?limit&cursor&q&archived&orgId&projectId`: a page of conversations. */
export class ConversationsQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: LIMIT_MESSAGE })
  @Min(1, { message: LIMIT_MESSAGE })
  @Max(100, { message: LIMIT_MESSAGE })
  limit: number = 100;

  @IsOptional()
  @IsString({ message: 'cursor must be the one of the Link header' })
  @MaxLength(256, { message: 'cursor must be the one of the Link header' })
  cursor?: string;

  @IsOptional()
  @IsString({ message: 'q must be text of at most 200 characters' })
  @MaxLength(200, { message: 'q must be text of at most 200 characters' })
  q?: string;

  @IsOptional()
  @IsIn(['true', 'false', 'all'], { message: 'archived must be true, false or all' })
  archived?: 'true' | 'false' | 'all';

  @IsOptional()
  @IsUUID('all', { message: 'orgId must be the id of an organization' })
  orgId?: string;

  @IsOptional()
  @IsUUID('all', { message: 'projectId must be the id of a project' })
  projectId?: string;
}

/** What can be set of a conversation; null takes a value away. */
export class ChangeConversationBody {
  @IsOptional()
  @IsString({ message: TITLE_MESSAGE })
  @Length(1, 200, { message: TITLE_MESSAGE })
  title?: string;

  @IsOptional()
  @IsBoolean({ message: 'archived must be true or false' })
  archived?: boolean;

  @IsOptional()
  @IsString({ message: 'model must be a string' })
  @Length(1, 128, { message: 'model must have 1 to 128 characters' })
  model?: string | null;

  @IsOptional()
  @IsNumber({}, { message: TEMPERATURE_MESSAGE })
  @Min(0, { message: TEMPERATURE_MESSAGE })
  @Max(2, { message: TEMPERATURE_MESSAGE })
  temperature?: number | null;

  @IsOptional()
  @IsString({ message: 'systemPrompt must be a string' })
  @MaxLength(32_768, { message: 'systemPrompt must have at most 32768 characters' })
  systemPrompt?: string | null;

  /** Null, or one's own id: the personal organization. */
  @IsOptional()
  @IsUUID('all', { message: 'orgId must be the id of an organization' })
  orgId?: string | null;

  @IsOptional()
  @IsUUID('all', { message: 'projectId must be the id of a project' })
  projectId?: string | null;
}

export class CreateConversationBody extends ChangeConversationBody {
  @IsOptional()
  @IsString({ message: 'id must be 1 to 128 of A-Z, a-z, 0-9, _ and -' })
  @Matches(/^[A-Za-z0-9_-]{1,128}$/, { message: 'id must be 1 to 128 of A-Z, a-z, 0-9, _ and -' })
  id?: string;
}

export class MemberRoleBody {
  @IsIn(CONVERSATION_ROLES, { message: `role must be one of ${CONVERSATION_ROLES.join(', ')}` })
  role!: ConversationRole;
}

/** A member by id or by email. */
export class AddMemberBody extends MemberRoleBody {
  @IsOptional()
  @IsUUID('all', { message: 'userId must be the id of a user' })
  userId?: string;

  @IsOptional()
  @IsString({ message: 'email must be a string' })
  @MaxLength(254, { message: 'email must have at most 254 characters' })
  email?: string;
}

export class ExportQuery {
  @IsOptional()
  @IsIn(['json', 'markdown'], { message: 'format must be json or markdown' })
  format: 'json' | 'markdown' = 'json';
}

/** Where to fork; by default at the end of the current branch. */
export class ForkBody {
  @IsOptional()
  @IsUUID('all', { message: 'messageId must be the id of a message' })
  messageId?: string;

  @IsOptional()
  @IsUUID('all', { message: 'runId must be the id of a run' })
  runId?: string;

  @IsOptional()
  @IsInt({ message: 'seq must be a whole number' })
  @Min(0, { message: 'seq must be 0 or more' })
  seq?: number;
}

export class SwitchBranchBody {
  @IsUUID('all', { message: 'messageId must be the id of a message' })
  messageId!: string;
}

export class RegenerateBody {
  @IsOptional()
  @IsString({ message: 'model must be a string' })
  @MaxLength(128, { message: 'model must have at most 128 characters' })
  model?: string;

  @IsOptional()
  @IsIn(['queue', 'reject', 'interrupt'], { message: 'onBusy must be queue, reject or interrupt' })
  onBusy?: 'queue' | 'reject' | 'interrupt';
}
