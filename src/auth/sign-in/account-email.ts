import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, MaxLength, ValidateBy } from 'class-validator';
import { EMAIL_MAX_LENGTH, isInventedEmail, normalizeEmail } from '../../user/email.js';

const MALFORMED = 'email must be an address such as name@example.com';

/** An email address that somebody can own; what the handler sees is its normalised form. */
export function IsAccountEmail(): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value !== 'string' || !isInventedEmail(value);
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? normalizeEmail(value) : value)),
    IsEmail({}, { message: MALFORMED }),
    MaxLength(EMAIL_MAX_LENGTH, { message: `email must have at most ${EMAIL_MAX_LENGTH} characters` }),
    ValidateBy({ name: 'isOwnable', validator: { validate, defaultMessage: () => MALFORMED } }),
  );
}
