import Joi from 'joi';
import type { RunConfig } from '../config.js';
import { count, millis } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

/** How an answer is owned, kept and recovered. */
export const runVariables = {
  RUN_LEASE_TTL_MS: millis(100)
    .default(2000)
    .description('A node that does not renew its claim to a run for so long has lost it.'),
  RUN_LOG_RETENTION_MS: millis()
    .default(3_600_000)
    .description('How long the log of an ended run is kept for resuming.'),
  RUN_RECOVERY: Joi.string()
    .valid('continue', 'interrupt')
    .default('continue')
    .description('After a crash: `continue` finishes the answer in a new run, `interrupt` only marks it.'),
  RUN_MAX_STEPS: count(1)
    .default(8)
    .description('Times a model may be asked within one answer; each round of tool calls costs one.'),
  RUN_CONCURRENCY_POLICY: Joi.string()
    .valid('queue', 'reject', 'interrupt')
    .default('queue')
    .description(
      'A message to a conversation that is being answered: `queue` lets it wait, `reject` refuses it, `interrupt` stops the answer. A message may say otherwise by `onBusy`.',
    ),
  RUN_MAX_QUEUED: count().max(1000).default(5).description('Messages that may wait in one conversation.'),
  RUN_MAX_CONCURRENT_PER_USER: count(1)
    .max(1000)
    .default(3)
    .description('Answers that may be written for one user at a time; what is beyond it waits.'),
  RUN_MAX_ACTIVE_PER_NODE: count(1)
    .default(5000)
    .description('Answers that one node writes at a time; a message beyond it is refused with OVERLOADED.'),
  RUN_MAX_STARTING: count(1)
    .default(400)
    .description(
      'Messages that one node puts on record at a time; what a burst brings beyond it is refused with OVERLOADED.',
    ),
  RUN_MAX_LAG_MS: millis()
    .default(500)
    .description(
      'How late the event loop may be, without a break for a second, before messages are refused with OVERLOADED; 0: never.',
    ),
  CONVERSATION_TITLES: Joi.string()
    .valid('first-message', 'model')
    .default('first-message')
    .description(
      'Where a new conversation has its title from: `first-message` takes the beginning of that; `model` has the model give one, once the first answer stands.',
    ),
  RUN_TIMEOUT_MS: millis(1).default(120_000).description('Longest time an answer may take.'),
};

/** What runs need. */
export function runSlice(settings: Settings): RunConfig {
  const read = readerOf(runVariables, settings);
  return {
    leaseTtlMs: read('RUN_LEASE_TTL_MS'),
    logRetentionMs: read('RUN_LOG_RETENTION_MS'),
    recovery: read('RUN_RECOVERY'),
    maxSteps: read('RUN_MAX_STEPS'),
    concurrencyPolicy: read('RUN_CONCURRENCY_POLICY'),
    maxQueued: read('RUN_MAX_QUEUED'),
    maxConcurrentPerUser: read('RUN_MAX_CONCURRENT_PER_USER'),
    maxActivePerNode: read('RUN_MAX_ACTIVE_PER_NODE'),
    maxStarting: read('RUN_MAX_STARTING'),
    maxLagMs: read('RUN_MAX_LAG_MS'),
    timeoutMs: read('RUN_TIMEOUT_MS'),
    titles: read('CONVERSATION_TITLES'),
  };
}
