import type { RunEvent } from './run-event.js';

/** What a turn gives to the recorder, in order. */
export type TurnEvent =
  | { type: 'text'; text: string }
  | { type: 'record'; event: RunEvent }
  /** What comes next must not happen before everything above is in the log. */
  | { type: 'log-first' }
  /** Whether the turn waits for a person; such time does not count as the run's. */
  | { type: 'waiting'; forPerson: boolean };

/** Gets what a turn gives. What it returns must be waited for before the turn goes on: only `log-first` takes its time. */
export type TakeEvents = (events: readonly TurnEvent[]) => Promise<void> | undefined;
