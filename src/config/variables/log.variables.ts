import Joi from 'joi';
import type { LogConfig } from '../config.js';
import { type Settings, readerOf } from './reader.js';

/** What the server says about itself. */
export const logVariables = {
  LOG_LEVEL: Joi.string()
    .valid('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent')
    .default('info')
    .description('Least severe message that is logged.'),
  LOG_FORMAT: Joi.string()
    .valid('json', 'pretty')
    .description('Unset: pretty in a terminal, else JSON, one line an entry.'),
};

/** What the logger needs; people read a terminal, programs read the rest. */
export function logSlice(settings: Settings, isTerminal: boolean): LogConfig {
  const read = readerOf(logVariables, settings);
  return { level: read('LOG_LEVEL'), format: read('LOG_FORMAT') ?? (isTerminal ? 'pretty' : 'json') };
}
