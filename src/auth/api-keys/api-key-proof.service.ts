import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { type ApiKey, ApiKeyStore } from '../api-key-store.port.js';
import { AccountStanding } from '../credentials/account-standing.service.js';
import type { Principal } from '../principal.js';
import { hashOfApiKey, looksLikeApiKey } from './api-key-secret.js';
import { KeyUse } from './key-use.service.js';
import { type ServiceClient, ServiceKeys } from './service-keys.service.js';

/** Services have no row of their own among the keys. */
const SERVICE = 'service:';

const dead = (): TalksyError => new TalksyError('UNAUTHORIZED', 'The API key is not valid.');

/** Proves API keys: known, not expired, and of an account that may act. */
@Injectable()
export class ApiKeyProof {
  constructor(
    private readonly keys: ApiKeyStore,
    private readonly services: ServiceKeys,
    private readonly standing: AccountStanding,
    private readonly uses: KeyUse,
    private readonly clock: Clock,
  ) {}

  /** Whether this is to be taken for an API key at all. */
  recognizes(credential: string): boolean {
    return looksLikeApiKey(credential) || this.services.find(hashOfApiKey(credential)) !== undefined;
  }

  /** Throws UNAUTHORIZED, ACCOUNT_DISABLED. */
  async prove(credential: string): Promise<Principal> {
    const hash = hashOfApiKey(credential);
    const service = this.services.find(hash);
    return service ? this.ofService(service) : this.ofKey(await this.keys.findByHash(hash));
  }

  /** The same for a principal of a key that was proven before. */
  async recheck(principal: Principal): Promise<Principal> {
    const { apiKeyId = '', userId } = principal;
    if (!apiKeyId.startsWith(SERVICE)) return this.ofKey(await this.keys.find(apiKeyId));
    return { ...principal, role: (await this.standing.require(userId)).role };
  }

  /** For the key's time of last use; access tokens and services have none. */
  noteUse({ apiKeyId }: Principal): void {
    if (apiKeyId !== undefined && !apiKeyId.startsWith(SERVICE)) this.uses.note(apiKeyId);
  }

  private async ofService({ name, userId }: ServiceClient): Promise<Principal> {
    const { role } = await this.standing.require(userId);
    const apiKeyId = SERVICE + name;
    return { userId, role, apiKeyId, tokenId: apiKeyId, expiresAt: Infinity };
  }

  private async ofKey(key: ApiKey | undefined): Promise<Principal> {
    const expiresAt = key?.expiresAt?.getTime() ?? Infinity;
    if (!key || expiresAt <= this.clock.now()) throw dead();
    const { role } = await this.standing.require(key.userId);
    return { userId: key.userId, role, apiKeyId: key.id, tokenId: key.id, expiresAt };
  }
}
