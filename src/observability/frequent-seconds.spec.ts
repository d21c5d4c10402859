import { Histogram, Registry } from 'prom-client';
import { FrequentSeconds } from './frequent-seconds.js';

describe('A histogram for what is observed often', () => {
  it('reads as that of the library does', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    const [name, help, buckets] = ['wait_seconds', 'A wait.', [0.01, 0.1, 2.5]];
    const frequent = new FrequentSeconds(name, help, buckets);
    ours.registerMetric(frequent as unknown as Histogram);
    const usual = new Histogram({ name, help, buckets, registers: [theirs] });
    expect(await ours.metrics()).toBe(await theirs.metrics());
    for (const seconds of [0, 0.01, 0.010001, 0.1, 0.5, 2.5, 2.6, 1000]) {
      frequent.observe(seconds);
      usual.observe(seconds);
    }
    expect(await ours.metrics()).toBe(await theirs.metrics());
  });
});
