import { Injectable } from '@nestjs/common';
import { Metrics } from '../observability/metrics.service.js';
import type { RunOutcome } from './run-store.port.js';

const FIRST_TOKEN = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
const GAP = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const APPEND = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];

/** What is counted of runs. Whoever writes one tells it. */
@Injectable()
export class RunMetrics {
  private readonly outcomes;
  private readonly tokens;
  private readonly takeovers;
  private readonly refusals;
  private readonly firstToken;
  private readonly gaps;
  private readonly appends;

  constructor(metrics: Metrics) {
    const labels = ['status', 'reason'];
    this.outcomes = metrics.counter({ name: 'talksy_runs_total', help: 'Answers that ended, by how.', labels });
    this.tokens = metrics.counter({
      name: 'talksy_tokens_total',
      help: 'Tokens of ended answers; prompt is what models read, completion what they wrote.',
      labels: ['provider', 'kind'],
    });
    this.takeovers = metrics.counter({
      name: 'talksy_run_takeovers_total',
      help: 'Answers that this node went on with after another had begun them.',
    });
    this.refusals = metrics.counter({
      name: 'talksy_runs_refused_total',
      help: 'Messages that were refused because the node had enough to do, by what it had too much of.',
      labels: ['reason'],
    });
    this.firstToken = metrics.seconds(
      { name: 'talksy_run_first_token_seconds', help: 'From the beginning of an answer to its first text.' },
      FIRST_TOKEN,
    );
    this.gaps = metrics.frequentSeconds(
      { name: 'talksy_run_chunk_gap_seconds', help: 'Between two chunks of an answer.' },
      GAP,
    );
    this.appends = metrics.frequentSeconds(
      { name: 'talksy_run_log_append_seconds', help: 'Until the log had taken what was appended.' },
      APPEND,
    );
  }

  ended({ status, end }: RunOutcome): void {
    this.outcomes.inc({ status, reason: end.finishReason });
    const provider = end.provider || 'none';
    this.tokens.inc({ provider, kind: 'prompt' }, end.usage.promptTokens);
    this.tokens.inc({ provider, kind: 'completion' }, end.usage.completionTokens);
  }

  takenOver(): void {
    this.takeovers.inc();
  }

  refused(reason: 'active' | 'starting' | 'lag'): void {
    this.refusals.inc({ reason });
  }

  firstText(ms: number): void {
    this.firstToken.observe(ms / 1000);
  }

  nextText(ms: number): void {
    this.gaps.observe(ms / 1000);
  }

  appended(ms: number): void {
    this.appends.observe(ms / 1000);
  }
}
