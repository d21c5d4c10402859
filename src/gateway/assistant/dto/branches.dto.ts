import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  MaxLength,
  Min,
} from 'class-validator';

/** `switch_branch`: the newest branch through this message becomes the current one. */
export class SwitchBranchDto {
  @IsUUID('all', { message: 'messageId must be the id of a message' })
  messageId!: string;
}

/** `regenerate`: the answer that is wanted anew, or its question. */
export class RegenerateDto {
  @IsUUID('all', { message: 'messageId must be the id of a message' })
  messageId!: string;

  @IsOptional()
  @IsString({ message: 'model must be a string' })
  @MaxLength(128, { message: 'model must have at most 128 characters' })
  model?: string;

  @IsOptional()
  @IsArray({ message: 'tools must be a list of at most 128 names' })
  @ArrayMaxSize(128, { message: 'tools must be a list of at most 128 names' })
  @IsString({ each: true, message: 'tools must be a list of at most 128 names' })
  tools?: string[];

  @IsOptional()
  @IsIn(['queue', 'reject', 'interrupt'], { message: 'onBusy must be queue, reject or interrupt' })
  onBusy?: 'queue' | 'reject' | 'interrupt';
}

/** `fork_conversation`: at a run, at a message, or at the end; by default of the session's conversation. */
export class ForkConversationDto {
  @IsOptional()
  @IsString({ message: 'conversationId must be a string' })
  @Length(1, 128, { message: 'conversationId must have 1 to 128 characters' })
  conversationId?: string;

  @IsOptional()
  @IsUUID('all', { message: 'messageId must be the id of a message' })
  messageId?: string;

  @IsOptional()
  @IsUUID('all', { message: 'runId must be the id of a run' })
  runId?: string;

  /** The last record of the answer's run that is copied. */
  @IsOptional()
  @IsInt({ message: 'seq must be a whole number' })
  @Min(0, { message: 'seq must be 0 or more' })
  seq?: number;
}
