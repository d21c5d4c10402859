import { newSecretId } from '../../common/ids.js';
import type { RunRecord } from '../../run/run-event.js';
import { RunLogRefusal } from '../../run/run-log.port.js';
import { FaultProxy } from '../../verify/fault-proxy.js';
import { redisConfigOf, startRedis } from '../../../test/support/test-redis.js';
import { within } from '../../../test/support/within.js';
import { RedisChannels } from '../redis/redis-channels.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RedisRunLog } from './redis-run-log.adapter.js';

const NEVER = new AbortController().signal;
const delta = (seq: number, epoch = 1): RunRecord => ({
  seq,
  epoch,
  type: 'text.delta',
  data: { text: `t${seq}`, index: seq, offset: 2 * seq },
});
const END = {
  finishReason: 'stop',
  lastIndex: 0,
  usage: { promptTokens: 0, completionTokens: 0, totalTokens: 0 },
  provider: 'p',
  model: 'm',
} as const;
const terminal = (seq: number, epoch = 1): RunRecord => ({ seq, epoch, type: 'run.completed', data: END });
const seqsTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, seq) => seq);

interface Node {
  log: RedisRunLog;
  connections: RedisConnections;
}

async function seqsOf(log: RedisRunLog, runId: string, after = -1): Promise<number[]> {
  const seqs: number[] = [];
  for await (const batch of log.follow(runId, after, NEVER)) seqs.push(...batch.map(({ seq }) => seq));
  return seqs;
}

/** One Redis, the owner behind a breakable network, another node with a sound one. */
describe('The Redis run log, when Redis is lost,', () => {
  let redis: { url: string; stop: () => Promise<void> };
  let proxy: FaultProxy;
  let owner: Node;
  let other: Node;

  async function openNode(url: string, keyPrefix: string): Promise<Node> {
    const connections = new RedisConnections(redisConfigOf(url, keyPrefix));
    const options = { node: newSecretId(), retentionMs: 60_000 };
    const log = new RedisRunLog(connections, new RedisChannels(connections), options);
    expect(await connections.untilUp()).toBe(true);
    return { log, connections };
  }

  beforeAll(async () => {
    redis = await startRedis();
    proxy = await FaultProxy.start(Number(new URL(redis.url).port));
    owner = await openNode(proxy.urlOf(redis.url), 'talksy:');
    other = await openNode(redis.url, 'talksy:');
  });
  afterAll(async () => {
    for (const { log, connections } of [owner, other]) {
      log.close();
      connections.close();
    }
    await proxy.close();
    await redis.stop();
  });
  afterEach(async () => {
    owner.log.allowUnlogged(() => false);
    await proxy.heal();
    await within('the return', Promise.all([owner.connections.untilUp(5000), other.connections.untilUp(5000)]), 6000);
  });

  const untilDown = (): Promise<void> =>
    new Promise((resolve) => {
      const end = owner.connections.onChange(({ up }) => {
        if (up) return;
        end();
        resolve();
      });
    });

  const listenersOf = async (channel: string): Promise<unknown> =>
    ((await other.connections.commands.pubsub('NUMSUB', channel)) as unknown[])[1];

  async function appendAll(runId: string, from: number, to: number): Promise<void> {
    for (let seq = from; seq <= to; seq++) await owner.log.append(runId, [delta(seq)]);
  }

  /** A run of two terms, 0 to 4 and 5, of which Redis then lost everything. */
  async function takenOverAndLost(): Promise<string> {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    await appendAll(runId, 0, 4);
    await other.log.open(runId, 2);
    await other.log.append(runId, [delta(5, 2)]);
    await other.connections.commands.flushall();
    return runId;
  }

  it.each(['refuse', 'stall', 'deaf'] as const)('notices within half a second that the link is %s', async (mode) => {
    const down = untilDown();
    const brokenAt = performance.now();
    await proxy.break(mode);
    await within('the loss', down, 2000);
    expect(performance.now() - brokenAt).toBeLessThan(600);
    expect(owner.connections.state).toMatchObject({ up: false, reason: expect.any(String) });
  });

  it.each(['refuse', 'stall', 'deaf'] as const)(
    'goes on without gap or repeat when a link that was %s comes back',
    async (mode) => {
      const runId = newSecretId();
      await owner.log.open(runId, 1);
      const [here, there] = [seqsOf(owner.log, runId), seqsOf(other.log, runId)];
      await appendAll(runId, 0, 9);
      const down = untilDown();
      await proxy.break(mode);
      const rest = appendAll(runId, 10, 19);
      await down;
      await proxy.heal();
      await within('the rest', rest);
      await owner.log.append(runId, [terminal(20)]);
      for (const reading of [here, there]) expect(await within('the end', reading)).toEqual(seqsTo(20));
    },
  );

  it('survives a link that is cut again and again, before and after a command has arrived', async () => {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    const there = seqsOf(other.log, runId);
    proxy.cutOneIn(20);
    await within('the run', appendAll(runId, 0, 99), 15_000);
    expect(proxy.cuts).toBeGreaterThan(4);
    await proxy.heal();
    await owner.log.append(runId, [terminal(100)]);
    expect(await within('the end', there)).toEqual(seqsTo(100));
  }, 30_000);

  it('shows nothing that is not logged, unless the owner is covered', async () => {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    await appendAll(runId, 0, 4);
    await proxy.break('refuse');
    const follower = owner.log.follow(runId, 4, NEVER)[Symbol.asyncIterator]();
    const next = follower.next();
    const appending = owner.log.append(runId, [delta(5)]);
    expect(await Promise.race([next.then(() => 'shown'), untilDown().then(() => 'lost')])).toBe('lost');
    owner.log.allowUnlogged(() => true);
    await within('the append', appending, 500);
    expect(await within('the record', next)).toMatchObject({ value: [delta(5)] });
    await appendAll(runId, 6, 30);
    await proxy.heal();
    expect(await within('the rebuilt log', seqsUpTo(other.log, runId, 30))).toEqual(seqsTo(30));
    await owner.log.append(runId, [terminal(31)]);
    expect(await within('the end', seqsOf(other.log, runId))).toEqual(seqsTo(31));
  });

  it('keeps an ended log until Redis holds all of it, then for its retention', async () => {
    const runId = newSecretId();
    owner.log.allowUnlogged(() => true);
    await owner.log.open(runId, 1);
    await owner.log.append(runId, [delta(0)]);
    const down = untilDown();
    await proxy.break('refuse');
    await down;
    await owner.log.append(runId, [delta(1), terminal(2)]);
    await owner.log.retire(runId, 60_000);
    expect(owner.log.owns(runId)).toBe(true);
    await proxy.heal();
    expect(await within('the rebuilt log', seqsUpTo(other.log, runId, 2))).toEqual(seqsTo(2));
    while (owner.log.owns(runId)) await new Promise(setImmediate);
    expect(await owner.log.find(runId)).toMatchObject({ nextSeq: 3 });
  });

  it('writes all of it again where Redis was emptied, while readers of other nodes wait', async () => {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    await appendAll(runId, 0, 400);
    const there = seqsOf(other.log, runId, 390);
    await within('the follower', seqsUpTo(other.log, runId, 400));
    await other.connections.commands.flushall();
    await owner.log.append(runId, [delta(401)]);
    expect((await other.log.find(runId))?.nextSeq).toBe(402);
    await owner.log.requestStop(runId);
    await other.connections.commands.flushall();
    // Nothing is appended now: the owner notices by itself.
    const isWhole = async () => (await other.log.find(runId))?.nextSeq === 402;
    for (const until = Date.now() + 5000; !(await isWhole()) && Date.now() < until;) await new Promise(setImmediate);
    expect(await other.log.find(runId)).toMatchObject({ epoch: 1, nextSeq: 402, stopRequested: true });
    expect(await within('the rebuilt log', seqsUpTo(other.log, runId, 401))).toEqual(seqsTo(401));
    await owner.log.append(runId, [terminal(402)]);
    expect(await within('the end', there)).toEqual(seqsTo(402).slice(391));
  });

  it('writes again what earlier owners wrote, too, where Redis was emptied', async () => {
    const runId = await takenOverAndLost();
    await other.log.append(runId, [delta(6, 2), terminal(7, 2)]);
    expect(await within('the rebuilt log', seqsUpTo(owner.log, runId, 7))).toEqual(seqsTo(7));
    expect(await other.log.find(runId)).toMatchObject({ epoch: 2, nextSeq: 8 });
  });

  it('has its way where an earlier owner was the first to write again', async () => {
    const runId = await takenOverAndLost();
    expect(await owner.log.open(runId, 1)).toMatchObject({ epoch: 1, nextSeq: 0 });
    await appendAll(runId, 0, 2);
    await other.log.append(runId, [delta(6, 2)]);
    const late: RunRecord = { seq: 3, epoch: 1, type: 'text.delta', data: { text: 'other', index: 3, offset: 6 } };
    await expect(owner.log.append(runId, [late])).rejects.toBeInstanceOf(RunLogRefusal);
    await other.log.append(runId, [terminal(7, 2)]);
    expect(await within('the whole log', seqsUpTo(owner.log, runId, 7))).toEqual(seqsTo(7));
    expect(await other.log.find(runId)).toMatchObject({ epoch: 2, nextSeq: 8 });
  });

  it('gives up here where another node took the run over meanwhile, and its followers go on', async () => {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    await appendAll(runId, 0, 4);
    const here = seqsOf(owner.log, runId);
    const down = untilDown();
    await proxy.break('stall');
    await down;
    expect(await other.log.open(runId, 2)).toMatchObject({ epoch: 2, nextSeq: 5 });
    const late = owner.log.append(runId, [delta(5)]).then(
      () => 'appended',
      (error: unknown) => (error instanceof RunLogRefusal ? error.reason : String(error)),
    );
    await proxy.heal();
    expect(await within('the refusal', late)).toBe('stale-epoch');
    await other.log.append(runId, [delta(5, 2), terminal(6, 2)]);
    expect(await within('the end', here)).toEqual(seqsTo(6));
    expect(owner.log.owns(runId)).toBe(false);
  });

  it('hears a stop that another node took, also when the message is lost', async () => {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    const woken = owner.log.untilStopRequested(runId, NEVER);
    expect(await other.log.requestStop(runId)).toBe(true);
    expect(await within('the wake-up', woken, 500)).toBe(true);
    const silent = newSecretId();
    await owner.log.open(silent, 1);
    const later = owner.log.untilStopRequested(silent, NEVER);
    const elsewhere = other.log.untilStopRequested(silent, NEVER);
    await proxy.break('refuse');
    await other.log.requestStop(silent);
    await proxy.heal();
    expect(await within('the wake-up', later)).toBe(true);
    expect(await within('the answer of a node that does not own it', elsewhere)).toBe(true);
  });

  it('reads for a slow follower alone what the others have long had', async () => {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    await owner.log.append(runId, [delta(0)]);
    const slow = other.log.follow(runId, -1, NEVER)[Symbol.asyncIterator]();
    const seqs = ((await slow.next()).value as RunRecord[]).map(({ seq }) => seq);
    const fast = seqsOf(other.log, runId);
    await appendAll(runId, 1, 699);
    await owner.log.append(runId, [terminal(700)]);
    expect(await within('the end', fast)).toEqual(seqsTo(700));
    for (let next = await slow.next(); !next.done; next = await slow.next()) {
      seqs.push(...next.value.map(({ seq }) => seq));
    }
    expect(seqs).toEqual(seqsTo(700));
  });

  it('fetches what many follow here once, as the same objects', async () => {
    const runId = newSecretId();
    await owner.log.open(runId, 1);
    const readers = [0, 1, 2].map(() => other.log.follow(runId, -1, NEVER)[Symbol.asyncIterator]());
    const nexts = Promise.all(readers.map((reader) => reader.next()));
    for (const channel = `talksy:run:{${runId}}:wake`; (await listenersOf(channel)) === 0;)
      await new Promise(setImmediate);
    // The reader has listened; its look at the log, sent behind that, is answered before this comes.
    await other.log.find(runId);
    await owner.log.append(runId, [delta(0)]);
    const [first, second, third] = (await within('the records', nexts)).map(({ value }) => value?.[0]);
    expect(first).toEqual(delta(0));
    expect([second, third].every((record) => record === first)).toBe(true);
    for (const reader of readers) await reader.return?.();
  });
});

async function seqsUpTo(log: RedisRunLog, runId: string, last: number): Promise<number[]> {
  const seqs: number[] = [];
  for (let tries = 0; seqs.at(-1) !== last && tries < 500; tries++) {
    const client = new AbortController();
    for await (const batch of log.follow(runId, seqs.at(-1) ?? -1, client.signal)) {
      seqs.push(...batch.map(({ seq }) => seq));
      if (seqs.at(-1) === last) return seqs;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return seqs;
}
