import { IsInt, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';

/** `get_history`: by default the session's conversation, its newest messages. */
export class GetHistoryDto {
  @IsOptional()
  @IsString({ message: 'conversationId must be a string' })
  @MaxLength(128, { message: 'conversationId must have at most 128 characters' })
  conversationId?: string;

  @IsOptional()
  @IsInt({ message: 'limit must be a whole number' })
  @Min(1, { message: 'limit must be 1 or more' })
  limit?: number;

  /** The id of a message: only what came before it. */
  @IsOptional()
  @IsUUID('all', { message: 'before must be the id of a message' })
  before?: string;
}
