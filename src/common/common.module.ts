import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { HealthProbes } from './health-probe.js';
import { Lifecycle } from './lifecycle.js';
import { NodeIdentity } from './node-identity.js';

/** What every room may inject without asking. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, HealthProbes, Lifecycle, NodeIdentity],
  exports: [Clock, HealthProbes, Lifecycle, NodeIdentity],
})
export class CommonModule {}
