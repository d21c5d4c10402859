import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../common/clock.js';
import { callerOfAddress } from '../../rate-limit/address.js';
import { MessageLimit } from '../../rate-limit/message-limit.service.js';
import { rateLimitExceeded } from '../../rate-limit/rate-limit-error.js';
import { setRateLimitHeaders } from './rate-limit-headers.js';

/** The limit on messages, for every family that speaks over HTTP: the same windows as over sockets. */
@Injectable()
export class HttpMessageLimits {
  constructor(
    private readonly limit: MessageLimit,
    private readonly clock: Clock,
  ) {}

  /** Counts one message of this caller. Throws RATE_LIMIT_EXCEEDED; the answer's headers tell what is left. */
  async admit({ userId, role, apiKeyId }: Principal, response: Response): Promise<void> {
    const address = response.req.ip;
    const sender = role === 'guest' ? `guests of ${callerOfAddress(address)}` : userId;
    const verdict = await this.limit.take({ userId: sender, byApiKey: apiKeyId !== undefined });
    if (!verdict) return;
    setRateLimitHeaders(response, verdict, this.clock.now());
    if (!verdict.allowed) throw rateLimitExceeded('messages', verdict);
  }
}
