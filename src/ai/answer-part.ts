import type { ModelPart, ModelRequest } from './chat-model.port.js';

/** What is asked of the chain: as of one model, but the model's name may be left to the configuration. */
export interface AnswerRequest extends Omit<ModelRequest, 'model'> {
  model?: string;
}

/** A provider is being asked; what follows, up to the next of these, is its part of the answer. */
export interface AttemptStarted {
  type: 'attempt';
  /** 1 for the first of this answer. */
  n: number;
  provider: string;
  model: string;
  /** `continue`: the model goes on behind text that stands already. */
  mode: 'fresh' | 'continue';
  /** UTF-16 units that this answer has given before the attempt. */
  fromChars: number;
  /** What the model is given to read, as we count it. */
  promptTokens: number;
}

/** A part of an answer, as the router gives it. */
export type AnswerPart = ModelPart | AttemptStarted;
