import { IsString, Length } from 'class-validator';

const MESSAGE = 'refreshToken must be the text that the last sign-in or refresh returned';

/** Body of POST /auth/refresh and POST /auth/logout. */
export class RefreshTokenDto {
  @IsString({ message: MESSAGE })
  @Length(1, 512, { message: MESSAGE })
  refreshToken!: string;
}
