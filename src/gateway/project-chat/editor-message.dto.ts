import { IsBoolean, IsEmpty, IsOptional, IsString } from 'class-validator';

/** What is asked in a project chat. What is in `content` is checked where every way in meets. */
export class EditorMessageDto {
  @IsString({ message: 'content must be a string' })
  content!: string;

  @IsOptional()
  @IsBoolean({ message: 'enableStreaming must be true or false' })
  enableStreaming?: boolean;

  @IsEmpty({ message: 'attachments are not supported yet' })
  attachments?: unknown;
}
