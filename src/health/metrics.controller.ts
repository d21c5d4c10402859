import { Controller, Get, Headers, Res } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import type { Response } from 'express';
import { TalksyError } from '../common/errors/talksy-error.js';
import { Raw } from '../common/raw.decorator.js';
import { ServerConfig } from '../config/config.js';
import { Metrics } from '../observability/metrics.service.js';
import { APP_INFO } from '../common/app-info.js';

/** What Prometheus reads. Open like health, unless METRICS_TOKEN asks for a token. */
@Raw()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: ServerConfig,
  ) {
    const labels = { version: APP_INFO.version, node: process.versions.node };
    metrics.gauge({ name: 'talksy_build_info', help: 'What runs here; always 1.', labels: Object.keys(labels) }, () => [
      { labels, value: 1 },
    ]);
  }

  @Get()
  async read(@Headers('authorization') sent: string | undefined, @Res() response: Response): Promise<void> {
    const { metricsToken } = this.config;
    if (metricsToken !== undefined && !isSame(sent ?? '', `Bearer ${metricsToken}`)) {
      throw new TalksyError('UNAUTHORIZED', 'Send METRICS_TOKEN as a bearer token.');
    }
    response.set({ 'Content-Type': this.metrics.contentType, 'Cache-Control': 'no-store' });
    response.send(await this.metrics.text());
  }
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
