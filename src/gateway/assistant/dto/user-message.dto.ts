import { ArrayMaxSize, IsArray, IsEmpty, IsIn, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import type { Attachment } from '../../../run/attachments.js';
import { AreAttachments } from '../../delivery/attachment-schema.js';

/** `user_message` and `user_message_stream`. What is in `text` is checked where every way in meets. */
export class UserMessageDto {
  @IsString({ message: 'text must be a string' })
  text!: string;

  /** The client's own id, which makes sending again harmless. */
  @IsOptional()
  @IsString({ message: 'messageId must be a string' })
  @Length(1, 128, { message: 'messageId must have 1 to 128 characters' })
  messageId?: string;

  /** Null for a new one; without it the session's. */
  @IsOptional()
  @IsString({ message: 'conversationId must be a string' })
  @Length(1, 128, { message: 'conversationId must have 1 to 128 characters' })
  conversationId?: string | null;

  /** The message that this one follows, null for none; without it the end of the current branch. */
  @IsOptional()
  @IsUUID('all', { message: 'parentId must be the id of a message, or null' })
  parentId?: string | null;

  @IsOptional()
  @IsString({ message: 'model must be a string' })
  @MaxLength(128, { message: 'model must have at most 128 characters' })
  model?: string;

  /** The names of the tools that the model may call; none for an empty list, all without it. */
  @IsOptional()
  @IsArray({ message: 'tools must be a list of at most 128 names' })
  @ArrayMaxSize(128, { message: 'tools must be a list of at most 128 names' })
  @IsString({ each: true, message: 'tools must be a list of at most 128 names' })
  tools?: string[];

  @IsEmpty({ message: 'agent is not supported: there are no agents yet' })
  agent?: string;

  @IsOptional()
  @AreAttachments()
  attachments?: Attachment[];

  @IsOptional()
  @IsIn(['queue', 'reject', 'interrupt'], { message: 'onBusy must be queue, reject or interrupt' })
  onBusy?: 'queue' | 'reject' | 'interrupt';
}
