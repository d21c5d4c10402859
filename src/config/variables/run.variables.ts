import Joi from 'joi';
import { millis } from './kinds.js';

/** How an answer is owned, kept and recovered. */
export const runVariables = {
  RUN_LEASE_TTL_MS: millis(100)
    .default(2000)
    .description('A node that does not renew its claim to a run for so long has lost it.'),
  RUN_LOG_RETENTION_MS: millis().default(3_600_000).description('How long the log of an ended run is kept for resuming.'),
  RUN_RECOVERY: Joi.string()
    .valid('continue', 'interrupt')
    .default('continue')
    .description('After a crash: `continue` finishes the answer in a new run, `interrupt` only marks it.'),
  RUN_TIMEOUT_MS: millis(1).default(120_000).description('Longest time an answer may take.'),
};
