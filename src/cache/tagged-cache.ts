import { LRUCache } from 'lru-cache';
import type { Clock } from '../common/clock.js';

/** What a lookup found: the value, what makes it void, and when it ends at the latest (milliseconds since the epoch). */
export interface Finding<V> {
  value: V;
  tags: readonly string[];
  endsAt?: number;
}

interface Entry<V> {
  value: V;
  tags: readonly string[];
  endsAt: number;
}

export interface CacheBounds {
  maxSize: number;
  ttlMs: number;
}

/**
 * Lookups of this node, at most `maxSize` of them, each for `ttlMs` at most; losable at any time. A lookup that was
 * under way while anything was dropped is not kept: what it read may be what was dropped.
 */
export class TaggedCache<V> {
  private readonly entries: LRUCache<string, Entry<V>> | undefined;
  private readonly keysOf = new Map<string, Set<string>>();
  private drops = 0;

  /** A `maxSize` of 0 keeps nothing. */
  constructor(
    private readonly bounds: CacheBounds,
    private readonly clock: Clock,
  ) {
    if (bounds.maxSize === 0) return;
    this.entries = new LRUCache({ max: bounds.maxSize, dispose: (entry, key) => this.forget(key, entry.tags) });
  }

  /** The value, or undefined where it is unknown or too old. */
  find(key: string): V | undefined {
    const entry = this.entries?.get(key);
    if (!entry) return undefined;
    if (this.clock.now() < entry.endsAt) return entry.value;
    this.entries?.delete(key);
    return undefined;
  }

  /** Looks up, and keeps what is found. Nothing is kept of a failure. */
  async fill(key: string, look: () => Promise<Finding<V>>): Promise<V> {
    const { drops } = this;
    const { value, tags, endsAt = Infinity } = await look();
    if (this.entries && drops === this.drops) this.keep(key, { value, tags, endsAt });
    return value;
  }

  /** Forgets everything that has this tag. */
  drop(tag: string): void {
    this.drops += 1;
    for (const key of [...(this.keysOf.get(tag) ?? [])]) this.entries?.delete(key);
  }

  private keep(key: string, { value, tags, endsAt }: Entry<V>): void {
    const end = Math.min(endsAt, this.clock.now() + this.bounds.ttlMs);
    this.entries?.delete(key);
    this.entries?.set(key, { value, tags, endsAt: end });
    for (const tag of tags) {
      const keys = this.keysOf.get(tag);
      if (keys) keys.add(key);
      else this.keysOf.set(tag, new Set([key]));
    }
  }

  private forget(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const keys = this.keysOf.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.keysOf.delete(tag);
    }
  }
}
