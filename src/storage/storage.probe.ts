import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { HotStorageOption } from './redis/hot-storage-option.js';
import type { HotStorage } from './redis/hot-storage.js';

/** Tells where hot state is kept: sessions, run logs, leases. */
@Injectable()
export class StorageProbe implements HealthProbe, OnModuleInit {
  readonly name = 'storage';
  readonly required = true;

  constructor(
    private readonly probes: HealthProbes,
    private readonly option: HotStorageOption,
  ) {}

  onModuleInit(): void {
    this.probes.register(this);
  }

  /** Without Redis the node goes on from memory: degraded, where Redis was asked for. `latencyMs` is that of a ping. */
  async check(): Promise<ProbeReport> {
    const { hot } = this.option;
    if (!hot) return { status: 'healthy', adapter: 'memory', usingFallback: false, latencyMs: 0 };
    const latencyMs = hot.usesRedis ? await latencyOf(hot) : undefined;
    if (latencyMs !== undefined) return { status: 'healthy', adapter: 'redis', usingFallback: false, latencyMs };
    const { reason, since } = hot.current;
    return {
      status: 'degraded',
      adapter: 'memory',
      usingFallback: true,
      latencyMs: 0,
      reason: `Redis cannot be used: ${reason ?? 'it does not answer'}`,
      since: new Date(since).toISOString(),
    };
  }
}

/** Undefined where there is no answer. */
async function latencyOf({ connections }: HotStorage): Promise<number | undefined> {
  const startedAt = performance.now();
  const answered = await connections.commands.ping().then(
    () => true,
    () => false,
  );
  return answered ? Math.round((performance.now() - startedAt) * 100) / 100 : undefined;
}
