import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Summary {
  samples: number;
  p50: number;
  p99: number;
}

function expectSummary({ samples, p50, p99 }: Summary): void {
  expect(samples).toBeGreaterThan(0);
  expect(Number.isFinite(p50)).toBe(true);
  expect(p99).toBeGreaterThanOrEqual(p50);
}

describe('The latency report', () => {
  it('tells first token and token delay of answers that came whole, from another process than the server', async () => {
    const { stdout } = await run(process.execPath, ['bench/run.js', 'latency'], { timeout: 60_000 });
    const report = JSON.parse(/\{.*\}/.exec(stdout)![0]) as Record<string, Summary>;
    expect(Object.keys(report)).toEqual(['tokensPerSecond', 'cpuPer1000', 'firstTokenAddedMs', 'tokenDelayMs']);
    expectSummary(report['firstTokenAddedMs']!);
    expectSummary(report['tokenDelayMs']!);
    expect(report['tokensPerSecond']).toBeGreaterThan(0);
    expect(report['cpuPer1000']).toBeGreaterThan(0);
  }, 60_000);
});
