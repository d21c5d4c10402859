import { Module } from '@nestjs/common';
import { Metrics } from './metrics.service.js';

/** The numbers of this process, for rooms that have some. */
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}
