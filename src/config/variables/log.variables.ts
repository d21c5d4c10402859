import Joi from 'joi';

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
