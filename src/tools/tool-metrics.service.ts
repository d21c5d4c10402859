import { Injectable } from '@nestjs/common';
import { Metrics } from '../observability/metrics.service.js';

const BOUNDS = [0.001, 0.005, 0.025, 0.1, 0.25, 1, 2.5, 5, 10, 30];

/** What is counted of tools. */
@Injectable()
export class ToolMetrics {
  private readonly durations;

  constructor(metrics: Metrics) {
    this.durations = metrics.seconds(
      { name: 'talksy_tool_duration_seconds', help: 'How long calls of tools took.', labels: ['tool', 'outcome'] },
      BOUNDS,
    );
  }

  ran(tool: string, success: boolean, ms: number): void {
    this.durations.observe({ tool, outcome: success ? 'success' : 'failure' }, ms / 1000);
  }
}
