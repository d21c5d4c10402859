import { IsBoolean, IsOptional, IsString } from 'class-validator';
import type { Attachment } from '../../run/attachments.js';
import { AreAttachments } from '../delivery/attachment-schema.js';

/** What is asked in a project chat. What is in `content` is checked where every way in meets. */
export class EditorMessageDto {
  @IsString({ message: 'content must be a string' })
  content!: string;

  @IsOptional()
  @IsBoolean({ message: 'enableStreaming must be true or false' })
  enableStreaming?: boolean;

  @IsOptional()
  @AreAttachments()
  attachments?: Attachment[];
}
