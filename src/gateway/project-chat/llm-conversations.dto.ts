import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

/** A conversation that is wanted by `/api/llm`, perhaps with its first message. */
export class LlmConversationDto {
  @IsOptional()
  @IsString({ message: 'title must be a string' })
  @MinLength(1, { message: 'title must not be empty' })
  @MaxLength(200, { message: 'title must have at most 200 characters' })
  title?: string;

  @IsOptional()
  @IsString({ message: 'model must be a string' })
  model?: string;

  @IsOptional()
  @IsString({ message: 'message must be a string' })
  message?: string;
}

/** A message to one. What is in `content` is checked where every way in meets. */
export class LlmMessageDto {
  @IsString({ message: 'content must be a string' })
  content!: string;

  @IsOptional()
  @IsBoolean({ message: 'stream must be true or false' })
  stream?: boolean;
}
