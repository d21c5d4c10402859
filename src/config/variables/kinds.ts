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

/** An http or https address. */
export const httpUrl = () => Joi.string().trim().uri({ scheme: ['http', 'https'] });

/** A span of time such as `15m`, `7d` or `90s`; becomes milliseconds. */
export const span = () =>
  Joi.string()
    .trim()
    .custom((value: string) => {
      const spanMs = /^\d+(\.\d+)?\s?(ms|s|m|h|d|w)$/.test(value) ? ms(value as StringValue) : undefined;
      if (!spanMs) throw new Error('not a span');
      return spanMs;
    })
    .messages({ 'any.custom': '{{#label}} must be a span of time such as 15m, 7d or 90s' });
