import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, MaxLength } from 'class-validator';
import { EMAIL_MAX_LENGTH, normalizeEmail } from '../../user/email.js';

/** An email address; what the handler sees is its normalised form. */
export function IsAccountEmail(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalizeEmail(value) : value)),
    IsEmail({}, { message: 'email must be an address such as name@example.com' }),
    MaxLength(EMAIL_MAX_LENGTH, { message: `email must have at most ${EMAIL_MAX_LENGTH} characters` }),
  );
}
