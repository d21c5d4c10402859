import { TalksyError } from '../../common/errors/talksy-error.js';
import { isCommonPassword } from './common-passwords.js';

/**
 * Refuses what is tried first when somebody guesses: the most common passwords, and the account's own address.
 * VALIDATION_ERROR that names `field`. Its length was checked before.
 */
export async function requireUncommon(password: string, email: string, field: string): Promise<void> {
  const [localPart] = email.split('@', 1);
  const own = [email, localPart].includes(password.toLowerCase());
  if (!own && !(await isCommonPassword(password))) return;
  const message = own
    ? `${field} must not be the email`
    : `${field} is one of the most common passwords; choose another one`;
  throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field, message }] });
}
