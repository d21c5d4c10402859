import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { AuthConfig } from '../../config/config.js';
import { Secrets } from '../secrets/secrets.js';
import type { StoredRefreshToken } from '../token-family-store.port.js';
import { judgeRefresh, type RefreshVerdict } from './refresh-verdict.js';

const TOKEN_BYTES = 32;

/** Refresh tokens as values: opaque, 256 bits, base64url. Nothing here stores any. */
@Injectable()
export class RefreshTokens {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    private readonly config: AuthConfig,
  ) {}

  /** The first token of a family. */
  make(): string {
    return randomBytes(TOKEN_BYTES).toString('base64url');
  }

  /** The token that follows this one: always the same, on every node, and not to be guessed without the key. */
  successorOf(token: string): string {
    return createHmac('sha256', this.secrets.refreshKey).update(token).digest('base64url');
  }

  /** What is stored of a token: SHA-256, hex. */
  hashOf(token: string): string {
    return createHash('sha256').update(token).digest('hex');
  }

  /** When a family ends that is opened or rotated now. */
  expiry(): Date {
    return new Date(this.clock.now() + this.config.refreshExpiryMs);
  }

  /** What a stored token is worth now. */
  judge(stored: StoredRefreshToken): RefreshVerdict {
    return judgeRefresh(stored, this.clock.now());
  }
}
