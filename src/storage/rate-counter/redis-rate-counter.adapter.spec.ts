import { Logger } from '@nestjs/common';
import { SystemClock } from '../../common/clock.js';
import { RateCounter, type RateRule, type RateVerdict } from '../../rate-limit/rate-counter.port.js';
import { failingCases, proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { newKeyPrefix, testRedisConfig } from '../../../test/support/test-redis.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RedisScript } from '../redis/redis-script.js';
import { MemoryRateCounter } from './memory-rate-counter.adapter.js';
import { type CounterUnderTest, rateCounterContract } from './rate-counter.contract.js';
import { RedisRateCounter } from './redis-rate-counter.adapter.js';

/** Lets everything through, so that what Redis says decides. */
class CountsNothing extends RateCounter {
  override async take({ limit }: RateRule): Promise<RateVerdict> {
    return { allowed: true, limit, remaining: limit, resetAt: 0, retryAfterMs: 0, takenAt: 0 };
  }

  override async giveBack(): Promise<void> {}
}

/** So that what they say grows older with what is on record. */
class RemembersVerdicts extends RedisRateCounter {
  readonly verdicts: { takenAt: number }[] = [];

  override async take(of: RateRule, caller: string): Promise<RateVerdict> {
    const verdict = await super.take(of, caller);
    if (verdict.takenAt !== undefined) this.verdicts.push(verdict as { takenAt: number });
    return verdict;
  }
}

const open: RedisConnections[] = [];

async function connect(keyPrefix = newKeyPrefix()): Promise<RedisConnections> {
  const connections = new RedisConnections(await testRedisConfig(keyPrefix));
  open.push(connections);
  expect(await connections.untilUp(10_000)).toBe(true);
  return connections;
}

/** Makes everything on record older, which is what the passing of time does. */
async function age({ commands, key }: Pick<RedisConnections, 'commands' | 'key'>, ms: number): Promise<void> {
  for (const name of await commands.keys(`${key('')}*`)) {
    const times = await commands.lrange(name, 0, -1);
    const ttl = await commands.pttl(name);
    expect(ttl).toBeGreaterThan(0);
    await commands.del(name);
    if (ttl <= ms) continue;
    await commands.rpush(name, ...times.map((time) => Number(time) - ms));
    await commands.pexpire(name, ttl - ms);
  }
}

const under = (script?: RedisScript) => async (): Promise<CounterUnderTest> => {
  const prefix = newKeyPrefix();
  const connections = await connect(prefix);
  const counter = new RemembersVerdicts(connections, new CountsNothing(), script);
  const keyed = { commands: connections.commands, key: (name: string) => prefix + name };
  const pass = async (ms: number): Promise<void> => {
    await age(keyed, ms);
    for (const verdict of counter.verdicts) verdict.takenAt -= ms;
  };
  return { counter, pass, now: () => Date.now() };
};

const rule = { name: 'test', limit: 3, windowMs: 60_000 };
const allowedOf = (verdicts: RateVerdict[]): number => verdicts.filter(({ allowed }) => allowed).length;
const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, work));

afterEach(() => open.splice(0).forEach((connections) => connections.close()));
beforeEach(() => Logger.overrideLogger(false));

describe('The Redis rate counter', () => {
  proveContract(rateCounterContract, under());

  it('counts for all nodes together', async () => {
    const prefix = newKeyPrefix();
    const nodes = await times(2, async () => {
      return new RedisRateCounter(await connect(prefix), new MemoryRateCounter(new SystemClock()));
    });
    const of = { ...rule, limit: 10 };
    const verdicts = await Promise.all(nodes.map((node) => times(50, () => node.take(of, 'ada'))));
    expect(allowedOf(verdicts.flat())).toBe(10);
  });

  it('goes on by its own count when Redis is lost, and says so once', async () => {
    const warned: unknown[] = [];
    Logger.overrideLogger({
      log: (line: unknown) => warned.push(line),
      warn: (line: unknown) => warned.push(line),
      error: () => {},
    });
    const connections = await connect();
    const counter = new RedisRateCounter(connections, new MemoryRateCounter(new SystemClock()));
    expect(allowedOf(await times(2, () => counter.take(rule, 'ada')))).toBe(2);
    connections.close();
    const alone = await times(5, () => counter.take(rule, 'ada'));
    expect(allowedOf(alone)).toBe(1);
    await counter.giveBack(
      rule,
      'ada',
      alone.find(({ allowed }) => allowed)!,
    );
    expect(allowedOf(await times(5, () => counter.take(rule, 'ada')))).toBe(1);
    expect(warned).toEqual(['rate limits are counted on this node alone: Redis cannot be reached']);
  });

  it('begins without Redis, and counts for all nodes as soon as it is there', async () => {
    const config = await testRedisConfig();
    const connections = new RedisConnections(config);
    open.push(connections);
    const counter = new RedisRateCounter(connections, new MemoryRateCounter(new FakeClock()));
    expect((await counter.take(rule, 'ada')).allowed).toBe(true);
    await connections.untilUp();
    expect((await counter.take(rule, 'ada')).allowed).toBe(true);
    const other = new RedisRateCounter(await connect(config.keyPrefix), new MemoryRateCounter(new FakeClock()));
    expect(allowedOf(await times(5, () => other.take(rule, 'ada')))).toBe(2);
  });

  it('keeps what it counted when giving back fails', async () => {
    const connections = await connect();
    const counter = new RedisRateCounter(connections, new MemoryRateCounter(new SystemClock()));
    const verdict = await counter.take(rule, 'ada');
    connections.close();
    await counter.giveBack(rule, 'ada', verdict);
    expect(allowedOf(await times(5, () => counter.take(rule, 'ada')))).toBe(3);
  });

  it('refuses nobody for an answer of Redis that makes no sense', async () => {
    const errors: unknown[] = [];
    Logger.overrideLogger({ log: () => {}, warn: () => {}, error: (line: unknown) => errors.push(line) });
    const broken = new RedisScript(`return redis.call('NO SUCH COMMAND')`);
    const counter = new RedisRateCounter(await connect(), new MemoryRateCounter(new SystemClock()), broken);
    expect(allowedOf(await times(5, () => counter.take(rule, 'ada')))).toBe(3);
    expect(errors[0]).toMatchObject({ err: expect.any(Error) });
  });

  it('leaves nothing behind for ever', async () => {
    const connections = await connect();
    await new RedisRateCounter(connections, new CountsNothing()).take(rule, 'ada');
    const ttl = await connections.commands.pttl(connections.key('rate:test:{ada}'));
    expect([ttl > 0, ttl <= rule.windowMs]).toEqual([true, true]);
  });
});

describe('The rate counter contract catches in Redis', () => {
  const fixedWindow = new RedisScript(`
    local count = redis.call('LLEN', KEYS[1])
    local now = redis.call('TIME')[1] * 1000
    if count >= tonumber(ARGV[1]) then
      return {0, count, now, now, now - tonumber(ARGV[2]) + redis.call('PTTL', KEYS[1])}
    end
    redis.call('RPUSH', KEYS[1], now)
    if count == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
    return {1, count + 1, now, now, now}`);

  it('a window that stands still', async () => {
    expect(await failingCases(rateCounterContract, under(fixedWindow))).toEqual(
      expect.arrayContaining(['1: frees each place a window after it was taken']),
    );
  });
});
