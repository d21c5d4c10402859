import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.port.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { newRowId } from '../../common/ids.js';
import { type ApiKey, ApiKeyStore } from '../api-key-store.port.js';
import { hashOfApiKey, hintOf, newApiKey } from './api-key-secret.js';

const MAX_PER_USER = 50;

/** What a new key may do. */
export interface WantedApiKey {
  name: string;
  /** ISO 8601; undefined: the key does not end by itself. */
  expiresAt?: string;
}

/** The API keys of an account. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  list(userId: string): Promise<ApiKey[]> {
    return this.store.listOf(userId);
  }

  /** A new key, in clear for this once. CONFLICT where the account has 50; VALIDATION_ERROR for an end in the past. */
  async create(userId: string, wanted: WantedApiKey): Promise<{ key: string; stored: ApiKey }> {
    const key = newApiKey();
    const { name } = wanted;
    const facts = { id: newRowId(), userId, name, hint: hintOf(key), expiresAt: this.endOf(wanted) };
    const stored = await this.store.insert({ ...facts, hash: hashOfApiKey(key) }, MAX_PER_USER);
    if (stored) return { key, stored };
    throw new TalksyError('CONFLICT', `An account may have ${MAX_PER_USER} API keys; revoke one first.`);
  }

  /** The key is dead on every node, and its sockets close. NOT_FOUND where the account has no such key. */
  async revoke(userId: string, apiKeyId: string): Promise<void> {
    if (!(await this.store.delete(userId, apiKeyId))) {
      throw new TalksyError('NOT_FOUND', 'This API key does not exist.');
    }
    await this.bus.publish('api-key.revoked', { apiKeyId });
  }

  private endOf({ expiresAt }: WantedApiKey): Date | undefined {
    if (expiresAt === undefined) return undefined;
    const end = new Date(expiresAt);
    if (end.getTime() > this.clock.now()) return end;
    const message = 'expiresAt must be in the future';
    throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field: 'expiresAt', message }] });
  }
}
