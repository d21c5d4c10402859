import { Store } from './store.js';

/** One event from the server, as it came. */
export interface Frame {
  n: number;
  at: Date;
  event: string;
  /** Of the record in its run's log. */
  seq: number | undefined;
  payload: string;
}

/** More are not worth scrolling through. */
const MAX_FRAMES = 500;
const MAX_PAYLOAD = 400;

/** The newest events of the connection, and what happened to it. */
export class EventLog extends Store {
  frames: Frame[] = [];
  private count = 0;

  add(event: string, payload?: unknown): void {
    const { seq } = (payload ?? {}) as { seq?: number };
    const text = payload === undefined ? '' : JSON.stringify(payload);
    const shown = text.length > MAX_PAYLOAD ? `${text.slice(0, MAX_PAYLOAD)}…` : text;
    const frame = { n: ++this.count, at: new Date(), event, seq, payload: shown };
    this.frames = [...this.frames.slice(1 - MAX_FRAMES), frame];
    this.changed();
  }

  clear(): void {
    this.frames = [];
    this.changed();
  }
}
