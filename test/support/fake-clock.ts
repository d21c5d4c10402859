import { Clock } from '../../src/common/clock.js';

/** A clock that stands still until the test moves it. */
export class FakeClock extends Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  override now(): number {
    return this.time;
  }

  advance(byMs: number): void {
    this.time += byMs;
  }
}
