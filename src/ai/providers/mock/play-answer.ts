import { TalksyError } from '../../../common/errors/talksy-error.js';
import type { ModelFinishReason, ModelPart } from '../../chat-model.port.js';
import type { Pause } from './pause.js';

/** Words in a batch where no pace is set: enough to be fast, few enough to let others have their turn. */
const BATCH_WORDS = 64;

export interface Pace {
  firstTokenDelayMs: number;
  tokenDelayMs: number;
  /** Fails before the word with this number. */
  failAtToken: number | undefined;
}

/** What is left to say once it is decided: pieces of text, or one tool call. */
export interface Performance {
  parts: readonly ModelPart[];
  promptTokens: number;
  completionTokens: number;
  reason: ModelFinishReason;
}

/** Plays the parts one by one in the given pace; without one in large batches, yielding to the event loop between. */
export async function* playAnswer(
  { parts, promptTokens, completionTokens, reason }: Performance,
  { firstTokenDelayMs, tokenDelayMs, failAtToken }: Pace,
  pause: Pause,
  signal: AbortSignal,
): AsyncIterable<readonly ModelPart[]> {
  const size = tokenDelayMs > 0 ? 1 : BATCH_WORDS;
  const end = Math.min(parts.length, failAtToken ?? Infinity);
  await pause(firstTokenDelayMs, signal);
  for (let at = 0; at < end; at += size) {
    if (at > 0) await pause(tokenDelayMs, signal);
    signal.throwIfAborted();
    yield parts.slice(at, Math.min(at + size, end));
  }
  signal.throwIfAborted();
  if (failAtToken !== undefined && (end < parts.length || failAtToken === 0)) {
    throw new TalksyError('PROVIDER_ERROR', 'The mock model failed, as it was told to.');
  }
  const usage = { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
  yield [
    { type: 'usage', usage },
    { type: 'finish', reason },
  ];
}
