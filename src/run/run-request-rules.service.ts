import { Injectable } from '@nestjs/common';
import { ModelRouter } from '../ai/model-router.service.js';
import { TalksyError } from '../common/errors/talksy-error.js';
import { RunConfig, ServerConfig } from '../config/config.js';
import type { BusyPolicy } from './run.js';
import type { RunClaim } from './run-store.port.js';

/** Control characters other than tab, line feed and carriage return. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** What may be asked, whatever way it came in. */
@Injectable()
export class RunRequestRules {
  constructor(
    private readonly router: ModelRouter,
    private readonly config: ServerConfig,
    private readonly runs: RunConfig,
  ) {}

  /** Throws VALIDATION_ERROR or PAYLOAD_TOO_LARGE with a message that says what to change. */
  check({ text, model }: { text: string; model?: string }): void {
    if (text.trim() === '') invalid('text must not be empty');
    const bytes = Buffer.byteLength(text);
    const max = this.config.messageMaxBytes;
    if (bytes > max) {
      throw new TalksyError('PAYLOAD_TOO_LARGE', `text has ${bytes} bytes; at most ${max} are allowed`);
    }
    if (CONTROL.test(text)) invalid('text must not hold control characters other than tab, LF and CR');
    if (!text.isWellFormed()) invalid('text must be valid Unicode, without half surrogate pairs');
    this.router.resolve(model);
  }

  /** What becomes of a message that has to wait; the message itself may say, else the configuration does. */
  whenBusy(onBusy: BusyPolicy = this.runs.concurrencyPolicy): Pick<RunClaim, 'whenBusy' | 'limits'> {
    const { maxQueued, maxConcurrentPerUser } = this.runs;
    return { whenBusy: onBusy, limits: { queuedInConversation: maxQueued, runningOfUser: maxConcurrentPerUser } };
  }
}

function invalid(message: string): never {
  throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field: 'text', message }] });
}
