import { Injectable } from '@nestjs/common';
import { Metrics } from '../observability/metrics.service.js';
import type { RateRule, RateVerdict } from './rate-counter.port.js';

/** Counts what limits refuse, by the name of the limit. */
@Injectable()
export class Refusals {
  private readonly counter;

  constructor(metrics: Metrics) {
    this.counter = metrics.counter({
      name: 'talksy_rate_limit_refusals_total',
      help: 'Messages and requests that a limit refused.',
      labels: ['limit'],
    });
  }

  /** Gives the verdict back. */
  note({ name }: RateRule, verdict: RateVerdict): RateVerdict {
    if (!verdict.allowed) this.counter.inc({ limit: name });
    return verdict;
  }
}
