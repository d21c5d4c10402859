import { IsBoolean, IsIn, IsObject, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { TOOL_CATEGORIES, type ToolCategory } from '../../../tools/tool.js';

/** `list_tools`: all of them, or those of one category. */
export class ListToolsDto {
  @IsOptional()
  @IsIn(TOOL_CATEGORIES, { message: `category must be one of ${TOOL_CATEGORIES.join(', ')}` })
  category?: ToolCategory;

  @IsOptional()
  @IsBoolean({ message: 'includeDeprecated must be true or false' })
  includeDeprecated?: boolean;
}

/** `get_tool_info`. */
export class ToolInfoDto {
  @IsString({ message: 'toolName must be a string' })
  @Length(1, 64, { message: 'toolName must have 1 to 64 characters' })
  toolName!: string;
}

/** `call_tool`. What `parameters` may be is the tool's own affair. */
export class CallToolDto extends ToolInfoDto {
  @IsOptional()
  @IsObject({ message: 'parameters must be an object' })
  parameters?: Record<string, unknown>;

  @IsOptional()
  @IsString({ message: 'callId must be a string' })
  @Length(1, 128, { message: 'callId must have 1 to 128 characters' })
  callId?: string;
}

/** `approve_tool` and `deny_tool`. */
export class DecideToolDto {
  @IsString({ message: 'runId must be a string' })
  @MaxLength(128, { message: 'runId must have at most 128 characters' })
  runId!: string;

  @IsString({ message: 'callId must be a string' })
  @Length(1, 256, { message: 'callId must have 1 to 256 characters' })
  callId!: string;

  @IsOptional()
  @IsString({ message: 'reason must be a string' })
  @MaxLength(500, { message: 'reason must have at most 500 characters' })
  reason?: string;
}
