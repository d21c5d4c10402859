import { HealthProbes } from '../common/health-probe.js';
import { EventLoopProbe, eventLoopReport } from './event-loop.probe.js';
import { MemoryProbe, memoryReport } from './memory.probe.js';

const usage = { rss: 500, heapTotal: 400, heapUsed: 300, external: 0, arrayBuffers: 0 };

describe('Talksy, looking at its own process,', () => {
  it('reports its memory in bytes', async () => {
    const probes = new HealthProbes();
    const probe = new MemoryProbe(probes);
    expect(probes.all()).toEqual([probe]);
    expect(await probe.check()).toMatchObject({ rssBytes: expect.any(Number), heapUsedBytes: expect.any(Number) });
  });

  it('calls itself degraded when its heap is nearly full', () => {
    expect(memoryReport(usage, 1000).status).toBe('healthy');
    expect(memoryReport(usage, 310)).toEqual({
      status: 'degraded',
      rssBytes: 500,
      heapUsedBytes: 300,
      heapTotalBytes: 400,
      heapLimitBytes: 310,
    });
  });

  it('measures the lag of its event loop and lets go of the monitor', async () => {
    const probe = new EventLoopProbe(new HealthProbes());
    expect(await probe.check()).toMatchObject({ status: 'healthy', lagMs: 0 });
    probe.onApplicationShutdown();
  });

  it('counts only what exceeds the pause of the monitor', () => {
    expect(eventLoopReport(Number.NaN, 0)).toEqual({ status: 'healthy', lagMs: 0, maxLagMs: 0 });
    expect(eventLoopReport(21_500_000, 40_000_000)).toEqual({ status: 'healthy', lagMs: 1.5, maxLagMs: 20 });
    expect(eventLoopReport(180_000_000, 900_000_000).status).toBe('degraded');
  });
});
