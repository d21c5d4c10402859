import { getHeapStatistics } from 'node:v8';
import { Injectable } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';

/** Above this share of the heap limit V8 spends its time collecting garbage. */
const CROWDED = 0.9;

/** How much memory the process has; degraded shortly before the heap is full. */
@Injectable()
export class MemoryProbe implements HealthProbe {
  readonly name = 'memory';
  readonly required = false;

  constructor(probes: HealthProbes) {
    probes.register(this);
  }

  async check(): Promise<ProbeReport> {
    return memoryReport(process.memoryUsage(), getHeapStatistics().heap_size_limit);
  }
}

/** Pure part of the probe. Sizes are bytes. */
export function memoryReport(usage: NodeJS.MemoryUsage, heapLimitBytes: number): ProbeReport {
  return {
    status: usage.heapUsed > heapLimitBytes * CROWDED ? 'degraded' : 'healthy',
    rssBytes: usage.rss,
    heapUsedBytes: usage.heapUsed,
    heapTotalBytes: usage.heapTotal,
    heapLimitBytes,
  };
}
