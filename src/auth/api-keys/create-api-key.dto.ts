import { IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator';

const NAME_MESSAGE = 'name must be a text of 1 to 100 characters without control characters';
const END_MESSAGE = 'expiresAt must be a time such as 2030-01-31T12:00:00Z';

/** Body of POST /auth/api-keys. */
export class CreateApiKeyDto {
  @IsOptional()
  @IsString({ message: NAME_MESSAGE })
  @Length(1, 100, { message: NAME_MESSAGE })
  @Matches(/^[^\p{Cc}]*$/u, { message: NAME_MESSAGE })
  name?: string;

  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true }, { message: END_MESSAGE })
  expiresAt?: string;
}
