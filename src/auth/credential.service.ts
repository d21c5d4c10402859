import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { ApiKeyProof } from './api-keys/api-key-proof.service.js';
import { CredentialCache } from './credentials/credential-cache.service.js';
import { sentCredential } from './credentials/sent-credential.js';
import type { Principal } from './principal.js';
import { TokenProof } from './tokens/token-proof.service.js';

/** Turns a plain credential, an access token or an API key, into a principal: the one check behind HTTP and sockets. */
@Injectable()
export class CredentialService {
  constructor(
    private readonly tokens: TokenProof,
    private readonly keys: ApiKeyProof,
    private readonly cache: CredentialCache,
  ) {}

  /**
   * Whose credential this is; one that was proven a short while ago costs next to nothing. UNAUTHORIZED where it is
   * forged, or its sign-in, key or account has ended; TOKEN_EXPIRED; ACCOUNT_DISABLED. `proveToken` is what proves an
   * access token that is not known yet: a signature is verified once.
   */
  async authenticate(
    credential: string,
    proveToken: () => Promise<Principal> = () => this.tokens.prove(credential),
  ): Promise<Principal> {
    const known = this.cache.find(credential);
    const principal = known ?? (await this.cache.fill(credential, () => this.prove(credential, proveToken)));
    this.keys.noteUse(principal);
    return principal;
  }

  /** Whose credential the headers of a request hold, where no route asks. Throws as `authenticate`. */
  async authenticateHeaders(headers: IncomingHttpHeaders): Promise<Principal> {
    const credential = sentCredential(headers);
    if (credential === undefined) throw new TalksyError('UNAUTHORIZED');
    return this.authenticate(credential);
  }

  /** Whether a principal that was proven before still stands, and what its role is now; throws as `authenticate`. */
  async recheck(principal: Principal): Promise<Principal> {
    return principal.apiKeyId === undefined ? this.tokens.recheck(principal) : this.keys.recheck(principal);
  }

  private prove(credential: string, proveToken: () => Promise<Principal>): Promise<Principal> {
    if (this.keys.recognizes(credential)) return this.keys.prove(credential);
    const genuine = this.cache.findGenuine(credential);
    return genuine ? this.tokens.recheck(genuine) : proveToken();
  }
}
