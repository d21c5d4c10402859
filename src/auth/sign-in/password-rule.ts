import { ValidateBy, type ValidationArguments } from 'class-validator';

export const PASSWORD_MIN_BYTES = 8;
/** bcrypt reads no further, and we never cut a password silently. */
export const PASSWORD_MAX_BYTES = 72;

/** A text whose UTF-8 has `minBytes` to 72 bytes; the message says which bound was missed. */
export function IsPassword(minBytes: number = PASSWORD_MIN_BYTES): PropertyDecorator {
  const fault = (value: unknown): string | undefined => {
    if (typeof value !== 'string' || value === '') return 'must be a text that is not empty';
    if (!value.isWellFormed()) return 'must be well-formed Unicode';
    const bytes = Buffer.byteLength(value);
    if (bytes < minBytes) return `must have at least ${minBytes} bytes of UTF-8`;
    return bytes > PASSWORD_MAX_BYTES ? `must have at most ${PASSWORD_MAX_BYTES} bytes of UTF-8` : undefined;
  };
  const defaultMessage = (args?: ValidationArguments) => `${args?.property} ${fault(args?.value)}`;
  return ValidateBy({ name: 'isPassword', validator: { validate: (value) => !fault(value), defaultMessage } });
}
