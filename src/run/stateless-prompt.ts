import type { ModelMessage } from '../common/model-message.js';
import type { CallersWishes } from '../conversation/message-input.js';

/**
 * What a run answers that belongs to no conversation: everything the model is to know comes from the caller. Kept with
 * the run only while it is being written, so that another node can go on with it.
 */
export interface StatelessPrompt extends CallersWishes {
  messages: readonly ModelMessage[];
}

/** Whether one of these calls is the caller's to make. */
export const hasCallersCall = (prompt: StatelessPrompt | undefined, names: readonly string[]): boolean =>
  prompt?.tools?.some(({ name }) => names.includes(name)) ?? false;
