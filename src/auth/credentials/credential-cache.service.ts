import { createHash } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Finding, TaggedCache } from '../../cache/tagged-cache.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.port.js';
import { AuthConfig, StoreConfig } from '../../config/config.js';
import type { User } from '../../user/user.js';
import { type Principal, tagsOf } from '../principal.js';
import { onRevocation } from '../revocations.js';
import { reachableBounds } from './reachable-bounds.js';

/**
 * Credentials that were proven before, and accounts that were looked up, so that a repeated one costs no signature and
 * no database. Credentials stand here as their SHA-256 only. Whatever voids one drops it, on every node.
 */
@Injectable()
export class CredentialCache implements OnModuleDestroy {
  private readonly principals: TaggedCache<Principal>;
  /** Outlives what is known of a principal's standing, where that must be looked up again soon. */
  private readonly genuine: TaggedCache<Principal>;
  private readonly users: TaggedCache<User | undefined>;
  private readonly endSubscription: () => void;

  constructor({ cache }: AuthConfig, store: StoreConfig, clock: Clock, events: EventBus) {
    const bounds = reachableBounds(cache.tokens, store);
    this.principals = new TaggedCache(bounds, clock);
    this.genuine = new TaggedCache(bounds === cache.tokens ? NOTHING : cache.tokens, clock);
    this.users = new TaggedCache(reachableBounds(cache.users, store), clock);
    this.endSubscription = onRevocation(events, ({ tag }) => {
      this.principals.drop(tag);
      this.genuine.drop(tag);
      this.users.drop(tag);
    });
  }

  onModuleDestroy(): void {
    this.endSubscription();
  }

  /** Whose credential this is, where it was proven a short while ago and nothing has happened since. */
  find(credential: string): Principal | undefined {
    return this.principals.find(keyOf(credential));
  }

  /** Whose credential this was when it was proven; whether that principal still stands is not known any more. */
  findGenuine(credential: string): Principal | undefined {
    return this.genuine.find(keyOf(credential));
  }

  /** Proves the credential, and remembers the principal until the credential ends, at most. */
  async fill(credential: string, prove: () => Promise<Principal>): Promise<Principal> {
    const key = keyOf(credential);
    return this.genuine.fill(key, async () =>
      findingOf(await this.principals.fill(key, async () => findingOf(await prove()))),
    );
  }

  /** The account, from here or by `look`. */
  async user(id: string, look: () => Promise<User | undefined>): Promise<User | undefined> {
    const known = this.users.find(id);
    if (known) return known;
    return this.users.fill(id, async (): Promise<Finding<User | undefined>> => {
      return { value: await look(), tags: [`user:${id}`] };
    });
  }
}

const NOTHING = { maxSize: 0, ttlMs: 0 };

const findingOf = (principal: Principal): Finding<Principal> => ({
  value: principal,
  tags: tagsOf(principal),
  endsAt: principal.expiresAt,
});

const keyOf = (credential: string): string => createHash('sha256').update(credential).digest('base64url');
