import { Injectable } from '@nestjs/common';
import { LimitConfig, type Rate } from '../config/config.js';
import { Refusals } from './refusals.service.js';
import { RateCounter, type RateRule, type RateVerdict } from './rate-counter.port.js';

/** Who sends a message. All API keys of an account share one window, so that more keys buy nothing. */
export interface MessageSender {
  userId: string;
  byApiKey: boolean;
}

/** How many messages a user may send, whatever way they come in: every client family asks here, once a message. */
@Injectable()
export class MessageLimit {
  constructor(
    private readonly counter: RateCounter,
    private readonly config: LimitConfig,
    private readonly refusals: Refusals,
  ) {}

  /** Counts one message. Undefined where limits are off. A refusal is an answer here, not an error. */
  async take(sender: MessageSender): Promise<RateVerdict | undefined> {
    if (!this.config.enabled) return undefined;
    const rule = this.ruleOf(sender);
    return this.refusals.note(rule, await this.counter.take(rule, sender.userId));
  }

  /** For a message that was sent again and only follows its first run: it costs no answer. */
  async giveBack(sender: MessageSender, verdict: RateVerdict | undefined): Promise<void> {
    if (verdict?.allowed) await this.counter.giveBack(this.ruleOf(sender), sender.userId, verdict);
  }

  private ruleOf({ byApiKey }: MessageSender): RateRule {
    const { keyMessages, messages } = this.config;
    return byApiKey ? ruleOf('message-by-key', keyMessages) : ruleOf('message', messages);
  }
}

const ruleOf = (name: string, { limit, windowMs }: Rate): RateRule => ({ name, limit, windowMs });
