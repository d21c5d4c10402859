import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { v5 } from 'uuid';
import { AuthConfig } from '../../config/config.js';
import { Accounts } from '../../user/accounts.service.js';
import { inventedEmail } from '../../user/email.js';
import { hashOfApiKey } from './api-key-secret.js';

/** The accounts of services are found by name: the same one on every node and after every start. */
const NAMESPACE = '6f1c1d0a-3f5e-4d0c-9a55-7c1b1f0c8e42';

/** A service client of the configuration. */
export interface ServiceClient {
  name: string;
  userId: string;
}

/** The keys of `API_KEYS`. Each acts as an account of role `service`, made at start where it is missing. */
@Injectable()
export class ServiceKeys implements OnApplicationBootstrap {
  private readonly byHash: ReadonlyMap<string, ServiceClient>;

  constructor(
    { apiKeys }: AuthConfig,
    private readonly accounts: Accounts,
  ) {
    this.byHash = new Map(
      apiKeys.map(({ name, key }) => [hashOfApiKey(key), { name, userId: v5(name, NAMESPACE) }] as const),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { name, userId } of this.byHash.values()) {
      await this.accounts.ensure(userId, inventedEmail(name, 'service'), 'service');
    }
  }

  /** Whose key this is, by its hash. */
  find(hash: string): ServiceClient | undefined {
    return this.byHash.get(hash);
  }
}
