import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';

/** `resume_stream`: behind which seq, or which chunk index, to go on; without either from the start. */
export class ResumeStreamDto {
  @IsString({ message: 'runId must be a string' })
  @MaxLength(128, { message: 'runId must have at most 128 characters' })
  runId!: string;

  @IsOptional()
  @IsInt({ message: 'afterSeq must be a whole number' })
  @Min(-1, { message: 'afterSeq must be -1 or more' })
  afterSeq?: number;

  @IsOptional()
  @IsInt({ message: 'afterIndex must be a whole number' })
  @Min(-1, { message: 'afterIndex must be -1 or more' })
  afterIndex?: number;
}
