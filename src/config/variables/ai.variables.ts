import Joi from 'joi';
import type { AiConfig, VendorConfig } from '../config.js';
import { chainOf } from './ai-chain.js';
import { modelTable, providerNames } from './ai-kinds.js';
import { PROVIDER_NAMES } from '../vendors.js';
import { count, millis, text } from './kinds.js';
import { type Settings, readerOf } from './reader.js';
import { vendorSlices, vendorVariables } from './vendor.variables.js';

/** Who answers, and how. */
export const aiVariables = {
  AI_PROVIDER: Joi.string()
    .valid(...PROVIDER_NAMES)
    .default('mock')
    .description('Who answers. `mock` needs no key and always says the same.'),
  AI_PROVIDERS: providerNames().description(
    'Who answers, in order of preference: where one fails the next goes on. Wins over `AI_PROVIDER`.',
  ),
  AI_FALLBACK: Joi.boolean().description(
    'Whether the mock answers where `AI_PROVIDER` fails or has no key. Unset: true, in production false.',
  ),
  AI_MODEL_TABLE: modelTable().description(
    'Models that users may ask for, beside the ones below, as JSON: ' +
      '`[{"id": "gpt-5", "provider": "openai", "contextTokens": 400000, "capabilities": ["tools", "json_schema", "vision"]}]`. ' +
      'Without `capabilities` a model can do everything; an entry for a model below says what that one can.',
  ),
  AI_SYSTEM_PROMPT: text()
    .default('You are a helpful assistant.')
    .description('What every conversation starts with; the user does not see it.'),
  AI_TEMPERATURE: Joi.number().min(0).max(2).description('Sampling temperature. Unset: the model’s own default.'),
  AI_MAX_TOKENS: count(1).description('Longest answer in tokens. Unset: the model’s own limit.'),
  AI_CONTEXT_TOKENS: count(256)
    .default(16_000)
    .description('How much of the conversation the model sees, in tokens; the oldest messages give way first.'),
  AI_CONTEXT_SUMMARY: Joi.boolean()
    .default(false)
    .description('Has the model summarize what no longer fits, and shows it the summary instead.'),
  USER_DAILY_TOKEN_BUDGET: count(1).description(
    'Tokens that a user may use in a day (UTC). Each answer is reserved before it begins: `AI_MAX_TOKENS`, or 4096. Unset: no limit.',
  ),
  AI_CONNECT_TIMEOUT_MS: millis(1)
    .default(5000)
    .description('A provider to which no connection stands for so long has failed.'),
  AI_FIRST_TOKEN_TIMEOUT_MS: millis(1)
    .default(20_000)
    .description('A provider that says nothing for so long has failed.'),
  AI_IDLE_TIMEOUT_MS: millis(1).default(15_000).description('An answer that pauses for so long has failed.'),
  AI_RETRIES: count()
    .max(10)
    .default(2)
    .description('Further tries at one provider, before its first token, within `AI_FIRST_TOKEN_TIMEOUT_MS`.'),
  AI_BREAKER_FAILURES: count(1)
    .default(5)
    .description('A provider that fails so often in a row is not asked for a while.'),
  AI_BREAKER_OPEN_MS: millis(1).default(10_000).description('How long it is not asked; then one request tries it.'),
  ...vendorVariables,
  AI_MOCK_TOKENS: count(1).max(100_000).default(60).description('Words in an answer of the mock.'),
  AI_MOCK_TOKEN_DELAY_MS: millis().default(20).description('Pause of the mock between two words.'),
  AI_MOCK_FIRST_TOKEN_DELAY_MS: millis().default(100).description('Pause of the mock before the first word.'),
  AI_MOCK_FAIL_AT_TOKEN: count().description(
    'For tests: the mock fails before the word with this number (0 is the first).',
  ),
};

/** What the models need. */
export function aiSlice(settings: Settings): AiConfig {
  const read = readerOf(aiVariables, settings);
  const vendors = vendorSlices(settings);
  const chain = chainOf({
    provider: read('AI_PROVIDER'),
    providers: read('AI_PROVIDERS'),
    fallback: read<boolean | undefined>('AI_FALLBACK') ?? settings['NODE_ENV'] !== 'production',
    isUsable: (name) => name === 'mock' || hasAddress(vendors[name]),
  });
  return {
    ...chain,
    models: read('AI_MODEL_TABLE'),
    systemPrompt: read('AI_SYSTEM_PROMPT'),
    temperature: read('AI_TEMPERATURE'),
    maxTokens: read('AI_MAX_TOKENS'),
    contextTokens: read('AI_CONTEXT_TOKENS'),
    contextSummary: read('AI_CONTEXT_SUMMARY'),
    dailyTokenBudget: read('USER_DAILY_TOKEN_BUDGET'),
    connectTimeoutMs: read('AI_CONNECT_TIMEOUT_MS'),
    firstTokenTimeoutMs: read('AI_FIRST_TOKEN_TIMEOUT_MS'),
    idleTimeoutMs: read('AI_IDLE_TIMEOUT_MS'),
    retries: read('AI_RETRIES'),
    breaker: { failures: read('AI_BREAKER_FAILURES'), openMs: read('AI_BREAKER_OPEN_MS') },
    vendors,
    mock: {
      tokens: read('AI_MOCK_TOKENS'),
      tokenDelayMs: read('AI_MOCK_TOKEN_DELAY_MS'),
      firstTokenDelayMs: read('AI_MOCK_FIRST_TOKEN_DELAY_MS'),
      failAtToken: read('AI_MOCK_FAIL_AT_TOKEN'),
    },
  };
}

/** A server of one's own may need no key. */
const hasAddress = ({ apiKey, baseUrl }: VendorConfig): boolean => !!apiKey || !!baseUrl;
