import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Guests } from '../../auth/guests.service.js';
import type { Principal } from '../../auth/principal.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { Lifecycle } from '../../common/lifecycle.js';
import { clientAddress, type ProxyTrust, proxyTrustOf } from '../http/client-address.js';
import { SocketProof } from './socket-proof.service.js';
import type { TalksySocket } from './talksy-socket.js';

/** Decides who may connect. Only `auth` of the handshake counts: a credential in a URL ends up in logs. */
@Injectable()
export class SocketAdmission {
  constructor(
    private readonly proof: SocketProof,
    private readonly guests: Guests,
    private readonly lifecycle: Lifecycle,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /**
   * Throws UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_DISABLED or SHUTTING_DOWN; for guests also RATE_LIMIT_EXCEEDED. Notes
   * the address, and the token of a new guest, at the socket.
   */
  async admit({ data, handshake, request }: TalksySocket): Promise<Principal> {
    if (this.lifecycle.phase === 'draining') throw new TalksyError('SHUTTING_DOWN', undefined, { retryAfterMs: 1000 });
    data.address = clientAddress(request, this.trusts());
    const sent = credentialIn(handshake.auth);
    if (sent === undefined && this.guests.areWelcome) data.guestToken = await this.guests.welcome(data.address);
    return this.proof.authenticate(sent ?? data.guestToken, data.address, 'socket.connect');
  }

  private trusts(): ProxyTrust {
    const { httpAdapter } = this.adapterHost;
    return proxyTrustOf({ getHttpAdapter: () => httpAdapter });
  }
}

/** One of the two: which of both counts is not for anybody to guess. */
function credentialIn({ token, apiKey }: { token?: unknown; apiKey?: unknown }): unknown {
  if (token !== undefined && apiKey !== undefined) {
    throw new TalksyError('UNAUTHORIZED', 'Send auth.token or auth.apiKey, not both.');
  }
  return token ?? apiKey;
}
