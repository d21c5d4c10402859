import { isIP } from 'node:net';
import Joi from 'joi';
import ms, { type StringValue } from 'ms';

/** A port to listen on; 0 lets the system choose. */
export const port = () => Joi.number().integer().min(0).max(65_535);

/** A whole number of milliseconds, at least `min`. */
export const millis = (min = 0) => Joi.number().integer().min(min).max(2_147_483_647);

/** A whole number of at least `min`. */
export const count = (min = 0) => Joi.number().integer().min(min);

/** Text as it is, without the blanks around it. */
export const text = () => Joi.string().trim();

/** Refuses what Node itself cannot read as an address, such as a port above 65535. */
function parseable(value: string): string {
  if (!URL.canParse(value)) throw new Error('not an address');
  return value;
}

/** An address with one of these schemes; its messages never repeat the value, which may hold a password. */
const addressWith = (...schemes: string[]) =>
  Joi.string()
    .trim()
    .uri({ scheme: schemes })
    .custom(parseable)
    .messages({
      'string.uriCustomScheme': `{{#label}} must be an address that begins with ${schemes.join(':// or ')}://`,
      'any.custom': '{{#label}} must be an address with a host and a port that exist',
    });

/** An http or https address. */
export const httpUrl = () => addressWith('http', 'https').meta({ documentedValues: 'http or https address' });

/** Where a PostgreSQL listens. */
export const postgresUrl = () => addressWith('postgres', 'postgresql').meta({ documentedValues: '`postgres://…`' });

/** Where a Redis listens; `rediss` speaks TLS. */
export const redisUrl = () =>
  addressWith('redis', 'rediss').meta({ documentedValues: '`redis://…`, or `rediss://…` for TLS' });

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#@]+$/;

/** Web origins, separated by commas; becomes a list in the form in which browsers send them. */
export const origins = () =>
  Joi.string()
    .custom((value: string) => {
      const list = value.split(',').map((origin) => origin.trim().replace(/\/$/, '').toLowerCase());
      const named = list.filter((origin) => origin !== '');
      if (!named.every((origin) => ORIGIN.test(origin) && !origin.includes('*'))) throw new Error('not an origin');
      return named;
    })
    .messages({
      'any.custom':
        '{{#label}} must list origins such as https://chat.example.com, separated by commas; a wildcard would let any site act for a signed-in user',
    })
    .meta({ documentedValues: 'origins, separated by commas' });

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  if (NAMED_NETWORKS.includes(value)) return true;
  const longest = isIP(address) === 6 ? 128 : 32;
  return isIP(address) > 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && +bits <= longest));
}

/** The proxies to trust, as Express takes them: true or false, how many, or their addresses. */
export const trustedProxies = () =>
  Joi.alternatives(
    Joi.boolean(),
    count(),
    Joi.string().custom((value: string) => {
      const networks = value.split(',').map((network) => network.trim());
      if (!networks.every(isNetwork)) throw new Error('not a network');
      return networks.join(',');
    }),
  )
    .messages({
      'alternatives.match':
        '{{#label}} must be true, false, a number of proxies, or addresses such as 10.0.0.0/8 or loopback, separated by commas',
    })
    .meta({ documentedValues: '`true`, `false`, a number, or addresses separated by commas' });

const TEN_YEARS_MS = 3650 * 24 * 60 * 60 * 1000;

const SPAN = /^\d+(\.\d+)?\s?(ms|s|m|h|d|w)$/;

function spanMs(value: string): number {
  const parsed = SPAN.test(value) ? Math.round(ms(value as StringValue)) : 0;
  if (parsed < 1 || parsed > TEN_YEARS_MS) throw new Error('not a span');
  return parsed;
}

/** A span of time such as `15m`, `7d` or `90s`, at most ten years; becomes milliseconds, as its default does. */
export const span = (fallback: string) =>
  Joi.string()
    .trim()
    .custom(spanMs)
    .messages({ 'any.custom': '{{#label}} must be a span of time such as 15m, 7d or 90s, at most 3650d' })
    .default(spanMs(fallback))
    .meta({ documentedDefault: fallback, documentedValues: 'span of time such as `15m`' });
