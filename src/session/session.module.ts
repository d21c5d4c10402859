import { Module } from '@nestjs/common';
import { MetricsModule } from '../observability/metrics.module.js';
import { SessionProbe } from './session-probe.service.js';
import { SessionService } from './session.service.js';

@Module({ imports: [MetricsModule], providers: [SessionService, SessionProbe], exports: [SessionService] })
export class SessionModule {}
