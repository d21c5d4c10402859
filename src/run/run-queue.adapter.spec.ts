import { newRowId } from '../common/ids.js';
import type { Database } from '../storage/database/database.js';
import { MemoryRunLease } from '../storage/run-lease/memory-run-lease.adapter.js';
import { MemoryRunLog } from '../storage/run-log/memory-run-log.adapter.js';
import { PostgresRunStore } from '../storage/run-store/postgres-run-store.adapter.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { RunNode, type RunNodeOptions } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import { within } from '../../test/support/within.js';
import type { BusyPolicy } from './run.js';
import type { RunRecord } from './run-event.js';

class SharedRunLog extends MemoryRunLog {
  override readonly shared: boolean = true;
}

const TTL_MS = 200;
const typesOf = (records: readonly RunRecord[]) => records.map(({ type }) => type);
const textOf = (records: readonly RunRecord[]) =>
  records.map((record) => (record.type === 'text.delta' ? record.data.text : '')).join('');

describe('A message to a busy conversation', () => {
  const clock = new FakeClock();
  const shared = { log: new SharedRunLog(clock), lease: new MemoryRunLease(clock) };
  const nodes: RunNode[] = [];
  let database: Database;
  let userId: string;
  let conversationId: string;

  const node = (options: RunNodeOptions = {}): RunNode => {
    const made = new RunNode(database, options);
    nodes.push(made);
    return made;
  };
  const send = async (on: RunNode, text: string, more: { onBusy?: BusyPolicy; clientMessageId?: string } = {}) => {
    const conversation = { id: conversationId, createIfMissing: true };
    return (await on.starter.start({ userId, text, conversation, ...more })).run.id;
  };
  const begun = async (on: RunNode, text: string): Promise<string> => {
    const runId = await send(on, `asks for ${text}`);
    on.model.say(text);
    await on.untilText(runId, userId, text);
    return runId;
  };
  const ended = (on: RunNode, runId: string) => within(`the end of ${runId}`, on.records(runId, userId));
  const untilBegun = async (on: RunNode, runId: string): Promise<void> => {
    const source = await on.reader.open(runId, userId);
    for await (const batch of source.follow(-1, new AbortController().signal)) {
      if (batch.some(({ type }) => type === 'run.started')) return;
    }
  };
  /** The leases and the holds of a dead node's runs end; those of the living stand. */
  const lapse = async (dead: RunNode, ...runIds: string[]): Promise<void> => {
    for (const runId of runIds) await dead.lease.release(runId, { owner: dead.identity.id, epoch: 1 });
    await database.run((db) => db.updateTable('runs').set({ held_until: null }).where('id', 'in', runIds).execute());
  };

  beforeAll(async () => {
    database = await openMemoryDatabase();
  }, 60_000);
  beforeEach(async () => {
    userId = await insertUser(database);
    conversationId = newRowId();
  });
  afterEach(async () => {
    for (const each of nodes.splice(0)) await each.close();
    // What they handed over is not for the nodes of the next test.
    await database.run((db) => db.deleteFrom('users').where('id', '=', userId).execute());
  });
  afterAll(() => database.close());

  it('waits for the answers before it, which the model then sees', async () => {
    const one = node();
    const first = await begun(one, 'one');
    const [second, third] = [await send(one, 'second?'), await send(one, 'third?')];
    expect(one.engine.activeCount).toBe(1);
    one.model.finish();
    one.model.say('two');
    one.model.finish();
    one.model.say('three');
    one.model.finish();
    const records = await ended(one, third);
    expect(typesOf(records).slice(0, 4)).toEqual(['run.queued', 'run.started', 'attempt.started', 'text.delta']);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));
    expect(records[0]).toMatchObject({ data: { position: 2, userId, conversationId } });
    expect(textOf(await ended(one, first)) + textOf(await ended(one, second)) + textOf(records)).toBe('onetwothree');
    expect(one.model.requests[2]!.messages.map(({ content }) => content)).toEqual(
      expect.arrayContaining(['asks for one', 'one', 'second?', 'two', 'third?']),
    );
    expect(await one.store.find(third)).toMatchObject({ status: 'completed', end: { finalSeq: records.length - 1 } });
  });

  it('is refused where it asks for that, or the configuration does', async () => {
    const one = node({ env: { RUN_CONCURRENCY_POLICY: 'reject' } });
    await begun(one, 'one');
    await expect(send(one, 'two')).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    await expect(send(node(), 'two', { onBusy: 'reject' })).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    expect((await one.store.find(await send(one, 'two', { onBusy: 'queue' })))?.status).toBe('queued');
  });

  it('is refused where too many wait', async () => {
    const one = node({ env: { RUN_MAX_QUEUED: '1' } });
    await begun(one, 'one');
    await send(one, 'two');
    await expect(send(one, 'three')).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
  });

  it('is stopped while it waits, and no model is ever asked', async () => {
    const one = node();
    await begun(one, 'one');
    const [second, third] = [await send(one, 'two?'), await send(one, 'three?')];
    const stopped = await one.stopper.stop(second, userId);
    expect(stopped).toEqual({ runId: second, status: 'cancelled', finalSeq: 1 });
    expect(await one.stopper.stop(second, userId)).toEqual(stopped);
    expect(typesOf(await ended(one, second))).toEqual(['run.queued', 'run.cancelled']);
    one.model.finish();
    one.model.finish();
    await ended(one, third);
    expect(one.model.requests).toHaveLength(2);
    expect(await one.store.find(second)).toMatchObject({ status: 'cancelled', end: { usage: { totalTokens: 0 } } });
  });

  it('interrupts what runs and what waits before it, and is answered next', async () => {
    const one = node();
    const first = await begun(one, 'half an ans');
    const second = await send(one, 'two?');
    const third = await send(one, 'rather this?', { onBusy: 'interrupt' });
    expect((await ended(one, first)).at(-1)).toMatchObject({ type: 'run.cancelled' });
    expect(typesOf(await ended(one, second))).toEqual(['run.queued', 'run.cancelled']);
    await within('the third', untilBegun(one, third));
    one.model.say('this');
    one.model.finish();
    expect(textOf(await ended(one, third))).toBe('this');
    expect((await one.store.findAnswer(first))?.content).toBe('half an ans');
  });

  it('starts one run, however often it is sent while it waits', async () => {
    const one = node();
    await begun(one, 'one');
    const again = { clientMessageId: `m-${conversationId}` };
    const ids = await Promise.all([1, 2, 3].map(() => send(one, 'two?', again)));
    expect(new Set(ids).size).toBe(1);
    expect(await one.reader.open(ids[0]!, userId)).toMatchObject({ started: { type: 'run.queued' } });
  });

  it('waits for a place where its user has as many answers running as allowed', async () => {
    const one = node({ env: { RUN_MAX_CONCURRENT_PER_USER: '1' } });
    const first = await begun(one, 'one');
    conversationId = newRowId();
    const other = await send(one, 'elsewhere?');
    expect(await one.reader.open(other, userId)).toMatchObject({ started: { type: 'run.queued' } });
    expect(await one.stopper.stop(first, userId)).toMatchObject({ status: 'cancelled' });
    await within('the other', untilBegun(one, other));
  });

  it('begins on its node when the answer before it ends on another', async () => {
    const [one, other] = [node({ shared }), node({ shared })];
    await begun(one, 'one');
    const second = await send(other, 'two?');
    one.model.finish();
    other.model.say('two');
    other.model.finish();
    expect(textOf(await ended(one, second))).toBe('two');
    expect(one.model.requests).toHaveLength(1);
  });

  it('is stopped by any node', async () => {
    const [one, other] = [node({ shared }), node({ shared })];
    await begun(one, 'one');
    const second = await send(one, 'two?');
    expect(await other.stopper.stop(second, userId)).toEqual({ runId: second, status: 'cancelled', finalSeq: 1 });
  });

  it('is stopped by its own node where another could only write the wish down', async () => {
    const [one, other] = [node(), node()];
    await begun(one, 'one');
    const second = await send(one, 'two?');
    expect(await other.stopper.stop(second, userId)).toEqual({ runId: second, status: 'cancelling' });
    expect(typesOf(await ended(one, second))).toEqual(['run.queued', 'run.cancelled']);
  });

  it('is taken over in its place when its node dies', async () => {
    const [one, dead] = [node({ shared }), node({ shared })];
    await begun(one, 'one');
    const second = await send(dead, 'two?');
    const following = ended(one, second);
    dead.die();
    await lapse(dead, second);
    await one.recovery.sweep();
    one.model.finish();
    one.model.say('two');
    one.model.finish();
    const records = await following;
    expect(typesOf(records).slice(0, 2)).toEqual(['run.queued', 'run.started']);
    expect(textOf(records)).toBe('two');
    expect(await one.store.find(second)).toMatchObject({ epoch: 2, status: 'completed' });
  });

  it('begins its log anew where the one of its dead node is not shared, behind the continued answer', async () => {
    const dead = node();
    const first = await begun(dead, 'The first half');
    const second = await send(dead, 'two?');
    await dead.answers.checkpoint({
      runId: first,
      epoch: 1,
      transcript: { content: 'The first half', chunkEnds: [[2, 14]] },
    } as never);
    dead.die();
    await lapse(dead, first, second);
    const next = node();
    next.model.say(' and the second.');
    await next.recovery.sweep();
    const { continuedBy } = (await next.store.find(first))!;
    next.model.finish();
    next.model.say('two');
    next.model.finish();
    expect(textOf(await ended(next, continuedBy!))).toBe('The first half and the second.');
    expect(typesOf(await ended(next, second)).slice(0, 2)).toEqual(['run.queued', 'run.started']);
    expect(next.model.requests[1]!.messages.map(({ content }) => content)).toContain('The first half and the second.');
  });

  it('begins at once on the node that takes it over, where nothing is before it any more', async () => {
    const dead = node();
    const first = await begun(dead, 'one');
    const second = await send(dead, 'two?');
    dead.die();
    await lapse(dead, first, second);
    const next = node({ env: { RUN_RECOVERY: 'interrupt' } });
    next.model.say('two');
    next.model.finish();
    await next.recovery.sweep();
    await within('the second', (async () => untilStatus(next, second, 'completed'))());
    expect(typesOf(await ended(next, second))[0]).toBe('run.started');
  });

  it('that was stopped is not begun by the node that takes it over', async () => {
    const [one, dead] = [node({ shared }), node({ shared })];
    await begun(one, 'one');
    const second = await send(dead, 'two?');
    dead.die();
    await one.store.requestStop(second);
    await lapse(dead, second);
    await one.recovery.sweep();
    expect(await one.store.find(second)).toMatchObject({ status: 'cancelled', end: { finalSeq: 1 } });
  });

  it('is handed over at once when its node shuts down, and not taken back by it', async () => {
    const [leaving, other] = [node({ shared }), node({ shared })];
    await begun(other, 'one');
    const second = await send(leaving, 'two?');
    await leaving.drain.drain(0);
    const { run } = await leaving.store.claim({ ...(await claimLike(second)), whenBusy: 'queue' });
    await leaving.queue.launch(
      { created: true, run, position: 2 },
      { runId: run.id, userId, userMessageId: run.userMessageId!, prior: '' },
    );
    await other.recovery.sweep();
    other.model.finish();
    other.model.say('two');
    other.model.finish();
    expect(textOf(await ended(other, second))).toBe('two');
    other.model.finish();
    await ended(other, run.id);
    expect(leaving.model.requests).toEqual([]);
  });

  it('that began in the database alone when its node died begins in the log too', async () => {
    const [one, dead] = [node({ shared }), node({ shared })];
    await begun(one, 'one');
    const second = await send(dead, 'two?');
    dead.die();
    one.model.finish();
    await untilStatus(one, second, 'queued');
    const owner = dead.identity.id;
    while ((await one.store.promote({ runId: second, owner, holdMs: 1, runningOfUser: 9 })).state !== 'running');
    await lapse(dead, second);
    one.model.finish();
    await one.recovery.sweep();
    expect(typesOf(await ended(one, second)).slice(0, 2)).toEqual(['run.queued', 'run.started']);
  });

  it('waits on while the database is away', async () => {
    class ShyStore extends PostgresRunStore {
      refusals = 2;
      override async promote(wish: Parameters<PostgresRunStore['promote']>[0]) {
        if (this.refusals-- > 0) throw new Error('away');
        return super.promote(wish);
      }
    }
    const one = node({ store: new ShyStore(database) });
    await begun(one, 'one');
    const second = await send(one, 'two?');
    one.model.finish();
    await within('the second', untilBegun(one, second));
  });

  const untilStatus = async (on: RunNode, runId: string, status: string): Promise<void> => {
    while ((await on.store.find(runId))?.status !== status);
  };
  const claimLike = async (runId: string) => {
    const run = (await nodes[0]!.store.find(runId))!;
    return {
      runId: newRowId(),
      userId: run.userId,
      owner: nodes[0]!.identity.id,
      holdMs: TTL_MS,
      conversation: { id: run.conversationId!, createIfMissing: false, title: '' },
      userMessage: { id: newRowId(), content: 'late?' },
      assistantMessageId: newRowId(),
      limits: { queuedInConversation: 5, runningOfUser: 9 },
    };
  };
});
