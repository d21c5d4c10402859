import { TalksyError } from '../common/errors/talksy-error.js';
import type { HealthProbe, ProbeReport } from '../common/health-probe.js';
import { ProbeRunner } from './probe-runner.js';
import { Logger } from '@nestjs/common';

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(true));

function scripted(...answers: (() => Promise<ProbeReport>)[]): HealthProbe & { calls: number } {
  return {
    name: 'scripted',
    required: true,
    calls: 0,
    check() {
      this.calls += 1;
      return answers[Math.min(this.calls, answers.length) - 1]!();
    },
  };
}

describe('Talksy, asking a room for its health,', () => {
  it('takes an answer without a status as healthy', async () => {
    const probe = scripted(async () => ({ active: 3 }));
    expect((await new ProbeRunner().run(probe)).report).toEqual({ status: 'healthy', active: 3 });
  });

  it('never asks the same room twice at once', async () => {
    const gate = Promise.withResolvers<ProbeReport>();
    const probe = scripted(() => gate.promise);
    const runner = new ProbeRunner();
    const asked = [runner.run(probe), runner.run(probe)];
    gate.resolve({ status: 'degraded' });
    expect((await Promise.all(asked)).map(({ report }) => report.status)).toEqual(['degraded', 'degraded']);
    expect(probe.calls).toBe(1);
    await runner.run(probe);
    expect(probe.calls).toBe(2);
  });

  it('calls a room that hangs unhealthy, at once from then on, and asks again once it came back', async () => {
    const gate = Promise.withResolvers<ProbeReport>();
    const probe = scripted(
      () => gate.promise,
      async () => ({}),
    );
    const runner = new ProbeRunner(5);
    const hung = { status: 'unhealthy', reason: 'no answer within 5 ms' };
    expect((await runner.run(probe)).report).toEqual(hung);
    expect((await runner.run(probe)).report).toEqual(hung);
    expect(probe.calls).toBe(1);
    gate.resolve({});
    await gate.promise;
    while (probe.calls === 1) await runner.run(probe);
    expect((await runner.run(probe)).report.status).toBe('healthy');
  });

  it('shows no more of a failure than what was written for clients', async () => {
    const probe = scripted(
      async () => Promise.reject(new Error('connect postgres://talksy:hunter2@db')),
      () => {
        throw new TalksyError('STORE_UNAVAILABLE');
      },
    );
    const runner = new ProbeRunner();
    expect((await runner.run(probe)).report).toEqual({ status: 'unhealthy', reason: 'the check failed' });
    const { report } = await runner.run(probe);
    expect(report).toEqual({
      status: 'unhealthy',
      reason: 'Storage cannot be reached; try again shortly.',
    });
  });
});
