import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { HealthProbes } from './health-probe.js';
import { Lifecycle } from './lifecycle.js';

/** What every room may inject without asking. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, HealthProbes, Lifecycle],
  exports: [Clock, HealthProbes, Lifecycle],
})
export class CommonModule {}
