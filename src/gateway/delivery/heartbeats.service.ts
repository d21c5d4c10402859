import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Proxies cut a connection that says nothing for a minute or so. */
const BEAT_MS = 15_000;

/** One timer for all event streams: whoever is enlisted is called every 15 s. */
@Injectable()
export class Heartbeats implements OnModuleDestroy {
  private readonly beats = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;

  /** Returns the function that ends it. */
  enlist(beat: () => void): () => void {
    this.beats.add(beat);
    this.timer ??= setInterval(() => this.beats.forEach((each) => each()), BEAT_MS).unref();
    return () => {
      this.beats.delete(beat);
      if (this.beats.size === 0) this.onModuleDestroy();
    };
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
