import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';

/** How the last call of each provider went. */
@Injectable()
export class ProviderHealth {
  private readonly failing = new Set<string>();

  succeeded(provider: string): void {
    this.failing.delete(provider);
  }

  /** Counts only what is the provider's fault: no client's mistake, no stop. */
  failed(provider: string, error: unknown): void {
    if (error instanceof TalksyError && error.code.startsWith('PROVIDER_')) this.failing.add(provider);
  }

  statusOf(provider: string): 'healthy' | 'degraded' {
    return this.failing.has(provider) ? 'degraded' : 'healthy';
  }
}
