import { TalksyError } from '../../common/errors/talksy-error.js';

export interface QueueBounds {
  /** How many pieces of work go on at once. */
  concurrency: number;
  /** How many may wait. */
  maxWaiting: number;
  /** Whoever has waited longer is sent away when the turn comes. */
  patienceMs: number;
}

interface Waiting {
  since: number;
  start: () => void;
  refuse: (error: TalksyError) => void;
}

const RETRY_AFTER_MS = 2000;
const overloaded = () => new TalksyError('OVERLOADED', undefined, { retryAfterMs: RETRY_AFTER_MS });

/** Does expensive work in turn, a few pieces at once. OVERLOADED where too many wait, or one has waited too long. */
export class BoundedQueue {
  private active = 0;
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly bounds: QueueBounds,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.active < this.bounds.concurrency) this.active += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      this.pass();
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.bounds.maxWaiting) throw overloaded();
    return new Promise((start, refuse) => this.waiting.push({ since: this.now(), start, refuse }));
  }

  /** Hands the place on to the next who still waits for it. */
  private pass(): void {
    for (;;) {
      const next = this.waiting.shift();
      if (!next) {
        this.active -= 1;
        return;
      }
      if (this.now() - next.since <= this.bounds.patienceMs) return next.start();
      next.refuse(overloaded());
    }
  }
}
