import { TalksyError } from '../../common/errors/talksy-error.js';

interface Waiting {
  userId: string;
  admit: () => void;
}

/** Calls that may wait for their turn, for each that may run. */
const WAITING_PER_SLOT = 8;

/**
 * Lets at most `limit` calls run at once, and at most half of them (rounded up) for one user, so that nobody keeps the
 * others out. Who must wait is served in order, past those whose user has enough.
 */
export class ToolSlots {
  private running = 0;
  private readonly byUser = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();
  private readonly userLimit: number;

  constructor(private readonly limit: number) {
    this.userLimit = Math.ceil(limit / 2);
  }

  /** Resolves with the function that gives the slot back. Throws OVERLOADED where too many wait, or as `signal` aborts. */
  async take(userId: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.hasRoom(userId)) this.enter(userId);
    else await this.wait(userId, signal);
    let held = true;
    return () => {
      if (held) this.leave(userId);
      held = false;
    };
  }

  private wait(userId: string, signal: AbortSignal): Promise<void> {
    const ofUser = [...this.waiting].filter((other) => other.userId === userId).length;
    if (this.waiting.size >= this.limit * WAITING_PER_SLOT || ofUser >= this.userLimit * WAITING_PER_SLOT) {
      throw new TalksyError('OVERLOADED', 'Too many tool calls at once; try again shortly.', { retryAfterMs: 1000 });
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.waiting.delete(waiting);
        reject(signal.reason as Error);
      };
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const waiting = { userId, admit };
      this.waiting.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  private hasRoom(userId: string): boolean {
    return this.running < this.limit && (this.byUser.get(userId) ?? 0) < this.userLimit;
  }

  private enter(userId: string): void {
    this.running += 1;
    this.byUser.set(userId, (this.byUser.get(userId) ?? 0) + 1);
  }

  private leave(userId: string): void {
    this.running -= 1;
    const left = this.byUser.get(userId)! - 1;
    if (left > 0) this.byUser.set(userId, left);
    else this.byUser.delete(userId);
    for (const next of this.waiting) {
      if (!this.hasRoom(next.userId)) continue;
      this.waiting.delete(next);
      this.enter(next.userId);
      return next.admit();
    }
  }
}
