import { Injectable } from '@nestjs/common';
import { LimitConfig } from '../config/config.js';
import { callerOfAddress } from './address.js';
import { Refusals } from './refusals.service.js';
import { RateCounter, type RateRule, type RateVerdict } from './rate-counter.port.js';

/** How many more requests than an address a signed-in user may make. */
const SIGNED_IN_FACTOR = 10;

/** How many requests an address or a user may make. A refusal is an answer here, not an error; undefined: limits are off. */
@Injectable()
export class RequestLimit {
  constructor(
    private readonly counter: RateCounter,
    private readonly config: LimitConfig,
    private readonly refusals: Refusals,
  ) {}

  get isEnabled(): boolean {
    return this.config.enabled;
  }

  /** One REST request of somebody whose credential is proven. */
  async takeForUser(userId: string): Promise<RateVerdict | undefined> {
    const { limit, windowMs } = this.config.requests;
    return this.take({ name: 'http-user', limit: limit * SIGNED_IN_FACTOR, windowMs }, userId);
  }

  /** One REST request of nobody in particular. */
  async takeForAddress(address: string | undefined): Promise<RateVerdict | undefined> {
    return this.take({ name: 'http-address', ...this.config.requests }, callerOfAddress(address));
  }

  /** One registration, login, refresh, or whatever else makes accounts or credentials for who has none. */
  async takeSignIn(address: string | undefined): Promise<RateVerdict | undefined> {
    return this.take({ name: 'sign-in', ...this.config.signIns }, callerOfAddress(address));
  }

  private async take(rule: RateRule, caller: string): Promise<RateVerdict | undefined> {
    return this.config.enabled ? this.refusals.note(rule, await this.counter.take(rule, caller)) : undefined;
  }
}
