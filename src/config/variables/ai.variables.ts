import Joi from 'joi';
import type { AiConfig } from '../config.js';
import { count, httpUrl, millis, text } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

/** Who answers, and how. */
export const aiVariables = {
  AI_PROVIDER: Joi.string()
    .valid('mock', 'openai', 'groq')
    .default('mock')
    .description('Who answers. `mock` needs no key and always says the same.'),
  AI_SYSTEM_PROMPT: text()
    .default('You are a helpful assistant.')
    .description('What every conversation starts with; the user does not see it.'),
  AI_TEMPERATURE: Joi.number().min(0).max(2).description('Sampling temperature. Unset: the model’s own default.'),
  AI_MAX_TOKENS: count(1).description('Longest answer in tokens. Unset: the model’s own limit.'),
  AI_CONTEXT_TOKENS: count(256)
    .default(16_000)
    .description('How much of the conversation the model sees, in tokens; the oldest messages give way first.'),
  AI_FIRST_TOKEN_TIMEOUT_MS: millis(1)
    .default(20_000)
    .description('A provider that says nothing for so long has failed.'),
  AI_IDLE_TIMEOUT_MS: millis(1).default(15_000).description('An answer that pauses for so long has failed.'),
  OPENAI_API_KEY: text().description(
    'Key for OpenAI. Needed for `AI_PROVIDER=openai` unless `OPENAI_BASE_URL` is set.',
  ),
  OPENAI_BASE_URL: httpUrl().description('Another server that speaks the OpenAI API, such as vLLM or Ollama.'),
  OPENAI_MODEL: text().default('gpt-5-mini').description('Model asked for at OpenAI.'),
  GROQ_API_KEY: text().description('Key for Groq. Needed for `AI_PROVIDER=groq` unless `GROQ_BASE_URL` is set.'),
  GROQ_BASE_URL: httpUrl().description('Another server that speaks the Groq API (its paths begin with /openai/v1).'),
  GROQ_MODEL: text().default('openai/gpt-oss-20b').description('Model asked for at Groq.'),
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
  return {
    provider: read('AI_PROVIDER'),
    systemPrompt: read('AI_SYSTEM_PROMPT'),
    temperature: read('AI_TEMPERATURE'),
    maxTokens: read('AI_MAX_TOKENS'),
    contextTokens: read('AI_CONTEXT_TOKENS'),
    firstTokenTimeoutMs: read('AI_FIRST_TOKEN_TIMEOUT_MS'),
    idleTimeoutMs: read('AI_IDLE_TIMEOUT_MS'),
    openai: { apiKey: read('OPENAI_API_KEY'), baseUrl: read('OPENAI_BASE_URL'), model: read('OPENAI_MODEL') },
    groq: { apiKey: read('GROQ_API_KEY'), baseUrl: read('GROQ_BASE_URL'), model: read('GROQ_MODEL') },
    mock: {
      tokens: read('AI_MOCK_TOKENS'),
      tokenDelayMs: read('AI_MOCK_TOKEN_DELAY_MS'),
      firstTokenDelayMs: read('AI_MOCK_FIRST_TOKEN_DELAY_MS'),
      failAtToken: read('AI_MOCK_FAIL_AT_TOKEN'),
    },
  };
}
