import { Module } from '@nestjs/common';
import { EventLoopProbe } from './event-loop.probe.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { MemoryProbe } from './memory.probe.js';
import { MetricsModule } from '../observability/metrics.module.js';
import { MetricsController } from './metrics.controller.js';
import { ProbeRunner } from './probe-runner.js';

/** Health over the probes that rooms leave in HealthProbes; brings the probes of the process itself. */
@Module({
  imports: [MetricsModule],
  controllers: [HealthController, MetricsController],
  providers: [
    HealthService,
    MemoryProbe,
    EventLoopProbe,
    { provide: ProbeRunner, useFactory: () => new ProbeRunner() },
  ],
})
export class HealthModule {}
