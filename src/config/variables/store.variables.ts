import Joi from 'joi';

/** Where durable things are kept. */
export const storeVariables = {
  DATABASE_URL: Joi.string()
    .trim()
    .uri({ scheme: ['postgres', 'postgresql'] })
    .description('PostgreSQL to use. Unset: an embedded PostgreSQL (PGlite) in `DATA_DIR`.'),
};
