import { IsOptional, IsString, MaxLength } from 'class-validator';

/** `stop_stream`; without a runId it means the run of the session's conversation. */
export class StopStreamDto {
  @IsOptional()
  @IsString({ message: 'runId must be a string' })
  @MaxLength(128, { message: 'runId must have at most 128 characters' })
  runId?: string;
}
