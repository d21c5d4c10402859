import { TalksyError } from '../../common/errors/talksy-error.js';
import type { AiConfig } from '../../config/config.js';
import { ChatModel, type ModelPart, type ModelRequest } from '../chat-model.port.js';
import type { ModelMessage } from '../../common/model-message.js';
import { decideAnswer, type MockAnswer } from './mock/decide-answer.js';
import { isMockAlias } from './mock/mock-names.js';
import { type Pause, realPause } from './mock/pause.js';
import { type Performance, playAnswer } from './mock/play-answer.js';
import { countWords, wordPieces } from './mock/words.js';

/** A model without a vendor: says the same to the same conversation, at a set pace, and counts words as tokens. */
export class MockProvider extends ChatModel {
  override readonly name = 'mock';
  override readonly defaultModel = 'mock';

  constructor(
    private readonly config: AiConfig['mock'],
    private readonly pause: Pause = realPause,
  ) {
    super();
  }

  override async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelPart[]> {
    if (!isMockAlias(request.model)) {
      throw new TalksyError('VALIDATION_ERROR', `model "${request.model}" is unknown; the mock is "mock"`);
    }
    signal.throwIfAborted();
    const answer = decideAnswer(request, this.config.tokens);
    yield* playAnswer(performanceOf(answer, request), this.config, this.pause, signal);
  }
}

function performanceOf(answer: MockAnswer, { messages, maxTokens = Infinity }: ModelRequest): Performance {
  const promptTokens = messages.reduce((sum, message) => sum + wordsOf(message), 0);
  if ('call' in answer) {
    const completionTokens = countWords(answer.call.arguments);
    return { parts: [{ type: 'tool-call', call: answer.call }], promptTokens, completionTokens, reason: 'tool_calls' };
  }
  const pieces = wordPieces(answer.text);
  const parts = pieces.slice(0, maxTokens).map((text) => ({ type: 'text', text }) as const);
  const reason = parts.length < pieces.length ? 'length' : 'stop';
  return { parts, promptTokens, completionTokens: parts.length, reason };
}

const wordsOf = (message: ModelMessage): number => countWords(message.content);

/** As the configuration has it. */
export const open = async ({ mock }: AiConfig): Promise<ChatModel> => new MockProvider(mock);
