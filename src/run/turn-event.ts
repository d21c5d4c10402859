import type { ModelFinishReason } from '../ai/chat-model.port.js';
import type { RunEvent } from './run-event.js';

/** What a turn gives to the recorder, in order; `finished` is the last. */
export type TurnEvent =
  | { type: 'text'; text: string }
  | { type: 'record'; event: RunEvent }
  /** What comes next must not happen before everything above is in the log. */
  | { type: 'log-first' }
  /** Whether the turn waits for a person; such time does not count as the run's. */
  | { type: 'waiting'; forPerson: boolean }
  | { type: 'finished'; reason: ModelFinishReason };
