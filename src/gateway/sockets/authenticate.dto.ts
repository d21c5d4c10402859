import { IsString, Length } from 'class-validator';

const MESSAGE = 'token must be an access token';

/** Payload of `authenticate`. */
export class AuthenticateDto {
  @IsString({ message: MESSAGE })
  @Length(1, 8192, { message: MESSAGE })
  token!: string;
}
