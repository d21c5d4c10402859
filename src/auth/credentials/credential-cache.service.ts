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
  private readonly users: TaggedCache<User | undefined>;
  private readonly endSubscription: () => void;

  constructor({ cache }: AuthConfig, store: StoreConfig, clock: Clock, events: EventBus) {
    this.principals = new TaggedCache(reachableBounds(cache.tokens, store), clock);
    this.users = new TaggedCache(reachableBounds(cache.users, store), clock);
    this.endSubscription = onRevocation(events, ({ tag }) => {
      this.principals.drop(tag);
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

  /** Proves the credential, and remembers the principal until the credential ends, at most. */
  async fill(credential: string, prove: () => Promise<Principal>): Promise<Principal> {
    return this.principals.fill(keyOf(credential), async () => {
      const principal = await prove();
      return { value: principal, tags: tagsOf(principal), endsAt: principal.expiresAt };
    });
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

const keyOf = (credential: string): string => createHash('sha256').update(credential).digest('base64url');
