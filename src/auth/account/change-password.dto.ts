import { IsPassword } from '../sign-in/password-rule.js';

/** Body of POST /auth/password. */
export class ChangePasswordDto {
  @IsPassword(1)
  currentPassword!: string;

  @IsPassword()
  newPassword!: string;
}
