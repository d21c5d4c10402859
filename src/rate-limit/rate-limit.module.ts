import { Module } from '@nestjs/common';
import { MessageLimit } from './message-limit.service.js';
import { MetricsModule } from '../observability/metrics.module.js';
import { Refusals } from './refusals.service.js';
import { RequestLimit } from './request-limit.service.js';

/** Limits for who calls too often. Needs the RateCounter that the storage binds. */
@Module({
  imports: [MetricsModule],
  providers: [MessageLimit, Refusals, RequestLimit],
  exports: [MessageLimit, RequestLimit],
})
export class RateLimitModule {}
