import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

const LIMIT_MESSAGE = 'limit must be a whole number from 1 to 200';

/** Query of GET /admin/users. */
export class ListUsersDto {
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: LIMIT_MESSAGE })
  @Min(1, { message: LIMIT_MESSAGE })
  @Max(200, { message: LIMIT_MESSAGE })
  limit: number = 50;

  @IsOptional()
  @IsUUID('all', { message: 'cursor must be the one of the Link header' })
  cursor?: string;
}
