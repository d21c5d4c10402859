import { IsAccountEmail } from './account-email.js';
import { IsPassword } from './password-rule.js';

/** Body of POST /auth/register. */
export class RegisterDto {
  @IsAccountEmail()
  email!: string;

  @IsPassword()
  password!: string;
}

/** Body of POST /auth/login: a password that is too short is a wrong one, not a malformed one. */
export class LoginDto {
  @IsAccountEmail()
  email!: string;

  @IsPassword(1)
  password!: string;
}
