import Joi from 'joi';

const SECRET_MIN_BYTES = 32;
const NAMED_KEY = /^([a-z0-9][a-z0-9_-]{0,62}):([\w-]{32,256})$/i;

const parts = (value: string): string[] => value.split(',').flatMap((part) => part.trim() || []);

/** Secrets, separated by commas; becomes a list. Its messages never repeat the value. */
export const secretList = () =>
  Joi.string()
    .custom((value: string) => {
      const secrets = parts(value);
      if (secrets.some((secret) => Buffer.byteLength(secret) < SECRET_MIN_BYTES)) throw new Error('too short');
      return secrets;
    })
    .messages({
      'any.custom': `{{#label}} must list secrets of ${SECRET_MIN_BYTES} bytes or more, separated by commas`,
    })
    .meta({ documentedValues: 'secrets of 32 bytes or more, separated by commas' });

/** `name:key` pairs, separated by commas; becomes `{name, key}[]`. Its messages never repeat the value. */
export const namedKeys = () =>
  Joi.string()
    .custom((value: string) => {
      const pairs = parts(value).map((part) => {
        const [, name, key] = NAMED_KEY.exec(part) ?? [];
        if (!name || !key) throw new Error('no pair');
        return { name: name.toLowerCase(), key };
      });
      for (const unique of ['name', 'key'] as const) {
        if (new Set(pairs.map((pair) => pair[unique])).size < pairs.length) throw new Error('twice');
      }
      return pairs;
    })
    .messages({
      'any.custom':
        '{{#label}} must list pairs name:key, separated by commas: names of letters, digits, _ and -, keys of 32 to 256 of the same, none of them twice',
    })
    .meta({ documentedValues: '`name:key` pairs, separated by commas; keys of 32 to 256 letters, digits, `_`, `-`' });
