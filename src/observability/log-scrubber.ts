const CENSORED = '[redacted]';

/** Fields that never stand in a log, however deep: credentials, and what people and models write. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'apiKey',
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'text',
  'content',
];

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const FIELD = new RegExp(String.raw`("(?:${SECRET_FIELDS.join('|')})":)(?:${STRING}|\[(?:${STRING},?)*\])`, 'gi');

/** Secrets that give themselves away by their form, also in the middle of a sentence or a stack. */
const BEARER = /\b(Bearer\s+)[\w.~+/=-]+/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const VENDOR_KEY = /\b(?:sk|gsk|tk)[-_][\w-]{8,}/g;
const URL_PASSWORD = /(:\/\/[^\s:/@"]*:)[^\s/@"]+@/g;

/** Takes credentials and message texts out of one log line of JSON; the line stays JSON. */
export function scrubLine(line: string): string {
  return line
    .replace(FIELD, `$1"${CENSORED}"`)
    .replace(BEARER, `$1${CENSORED}`)
    .replace(JSON_WEB_TOKEN, CENSORED)
    .replace(VENDOR_KEY, CENSORED)
    .replace(URL_PASSWORD, `$1${CENSORED}@`);
}
