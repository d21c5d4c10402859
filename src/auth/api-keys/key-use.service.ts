import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../common/clock.js';
import { ApiKeyStore } from '../api-key-store.port.js';

/** A key's time of last use is this exact, and no more is written. */
const PRECISION_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** Writes down when keys were last used, at most once a minute for each. The request does not wait for it. */
@Injectable()
export class KeyUse implements OnModuleDestroy {
  private readonly logger = new Logger(KeyUse.name);
  private readonly noted = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly keys: ApiKeyStore,
    private readonly clock: Clock,
  ) {}

  note(apiKeyId: string): void {
    const now = this.clock.now();
    if (now - (this.noted.get(apiKeyId) ?? -Infinity) <= PRECISION_MS) return;
    this.noted.set(apiKeyId, now);
    const write = this.write(apiKeyId, now).finally(() => this.writing.delete(write));
    this.writing.add(write);
  }

  /** Waits for what is being written, so that the database is not closed beneath it. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.writing);
  }

  private async write(apiKeyId: string, now: number): Promise<void> {
    try {
      await this.keys.noteUse(apiKeyId, new Date(now), new Date(now - PRECISION_MS));
    } catch (error) {
      this.logger.warn({ apiKeyId, err: error }, 'the use of an API key was not noted');
    }
  }
}
