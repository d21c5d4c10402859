import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId } from '../common/ids.js';
import type { Database } from '../storage/database/database.js';
import { PostgresRunStore } from '../storage/run-store/postgres-run-store.adapter.js';
import { RunNode, type RunNodeOptions } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import { within } from '../../test/support/within.js';
import type { Run } from './run.js';
import type { RunRecord } from './run-event.js';
import type { Checkpoint, RunOutcome } from './run-store.port.js';

/** The real store, which the test can make unreachable. */
class FlakyRunStore extends PostgresRunStore {
  isDown = false;
  downFor: string[] = [];
  readonly checkpoints: string[] = [];
  private onCheckpoint: (() => void) | undefined;

  override async checkpoint(checkpoints: readonly Checkpoint[]): Promise<ReadonlySet<string>> {
    this.guard('checkpoint');
    const stored = await super.checkpoint(checkpoints);
    for (const { runId } of checkpoints) this.checkpoints.push((await this.findAnswer(runId))?.content ?? '');
    this.onCheckpoint?.();
    return stored;
  }

  override async hold(owner: string, runIds: readonly string[], holdMs: number): Promise<number> {
    this.guard('hold');
    return super.hold(owner, runIds, holdMs);
  }

  override async finish(outcome: RunOutcome): Promise<boolean> {
    this.guard('finish');
    return super.finish(outcome);
  }

  override async listAbandoned(limit: number, after?: string) {
    this.guard('listAbandoned');
    return super.listAbandoned(limit, after);
  }

  async untilCheckpoint(content: string): Promise<void> {
    while (!this.checkpoints.includes(content)) await new Promise<void>((resolve) => (this.onCheckpoint = resolve));
  }

  private guard(method: string): void {
    if (this.isDown || this.downFor.includes(method)) throw new TalksyError('STORE_UNAVAILABLE');
  }
}

/** A lease that does not lapse, and is not renewed either, while the test looks: where a busy machine would decide. */
const LONG_LEASE = { RUN_LEASE_TTL_MS: '30000' };

describe('The run engine', () => {
  let database: Database;
  let userId: string;
  const nodes: RunNode[] = [];
  const node = (options?: RunNodeOptions): RunNode => {
    const made = new RunNode(database, options);
    nodes.push(made);
    return made;
  };
  const end = (records: readonly RunRecord[]) => records.at(-1);
  const untilEnded = async (of: RunNode, runId: string) => {
    for (;;) {
      const run = await of.store.find(runId);
      if (run?.status !== 'running') return run;
    }
  };

  beforeAll(async () => {
    database = await openMemoryDatabase();
    userId = await insertUser(database);
  }, 60_000);
  afterEach(async () => {
    for (const each of nodes.splice(0)) await each.close();
  });
  afterAll(() => database.close());

  it('shows the model the system prompt and the conversation, not only the last message', async () => {
    const one = node({ env: { AI_SYSTEM_PROMPT: 'Be brief.', AI_TEMPERATURE: '0.5', AI_MAX_TOKENS: '99' } });
    const conversationId = newRowId();
    for (const question of ['first?', 'second?']) {
      one.model.say('answer to ', question);
      one.model.finish();
      await one.records(await one.start(userId, question, conversationId), userId);
    }
    expect(one.model.requests[1]).toMatchObject({
      model: 'scripted-1',
      temperature: 0.5,
      maxTokens: 99,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'first?' },
        { role: 'assistant', content: 'answer to first?' },
        { role: 'user', content: 'second?' },
      ],
    });
  });

  it('leaves out what does not fit the context budget, oldest first', async () => {
    const one = node({ env: { AI_CONTEXT_TOKENS: '256' } });
    const conversationId = newRowId();
    const long = 'word '.repeat(400);
    for (const question of [`old ${long}`, 'recent?']) {
      one.model.say('ok');
      one.model.finish();
      await one.records(await one.start(userId, question, conversationId), userId);
    }
    const contents = one.model.requests[1]!.messages.map((message) => message.content);
    expect(contents.at(-1)).toBe('recent?');
    expect(contents.some((content) => content.startsWith('old'))).toBe(false);
  });

  it('logs start, attempt, text, usage and one end, and stores the same', async () => {
    const one = node();
    const runId = await one.start(userId);
    one.model.say('Hello');
    await one.untilText(runId, userId, 'Hello');
    one.model.finish();
    const records = await one.records(runId, userId);
    expect(records.map(({ seq, type }) => [seq, type])).toEqual([
      [0, 'run.started'],
      [1, 'attempt.started'],
      [2, 'text.delta'],
      [3, 'usage'],
      [4, 'run.completed'],
    ]);
    expect(await one.store.find(runId)).toMatchObject({
      status: 'completed',
      end: { finalSeq: 4, finishReason: 'stop' },
    });
    expect(await one.store.findAnswer(runId)).toEqual({ content: 'Hello', chunkEnds: [[2, 5]] });
  });

  it('keeps half an answer when the provider fails, and says why it ended', async () => {
    const one = node();
    const runId = await one.start(userId);
    one.model.say('Half an ans');
    await one.untilText(runId, userId, 'Half an ans');
    one.model.fail(new TalksyError('PROVIDER_UNAVAILABLE', 'The provider is gone.'));
    expect(end(await one.records(runId, userId))).toMatchObject({
      type: 'run.failed',
      data: {
        finishReason: 'error',
        error: { code: 'PROVIDER_UNAVAILABLE', message: 'The provider is gone.' },
        usage: { estimated: true },
      },
    });
    expect(await one.store.findAnswer(runId)).toMatchObject({ content: 'Half an ans' });
  });

  it('hides what it did not foresee', async () => {
    const one = node();
    one.model.fail(new Error('secret: sk-123'));
    const records = await one.records(await one.start(userId), userId);
    expect(end(records)).toMatchObject({ data: { error: { code: 'INTERNAL_ERROR' } } });
    expect(JSON.stringify(records)).not.toContain('sk-123');
  });

  it('ends an answer that takes too long', async () => {
    const one = node({ env: { RUN_TIMEOUT_MS: '30' } });
    const records = await within('the timeout', one.records(await one.start(userId), userId));
    expect(end(records)).toMatchObject({ type: 'run.failed', data: { error: { code: 'PROVIDER_TIMEOUT' } } });
  });

  it('stores text that PostgreSQL or UTF-8 could not hold as the client saw it', async () => {
    const one = node();
    one.model.say('a\0b', 'c\ud83d');
    one.model.say('d');
    one.model.finish();
    const runId = await one.start(userId);
    const text = (await one.records(runId, userId)).map((r) => (r.type === 'text.delta' ? r.data.text : '')).join('');
    expect(text).toBe('a\ufffdbc\ufffdd');
    expect((await one.store.findAnswer(runId))?.content).toBe(text);
  });

  it('saves running text, so that another start finds it, marks it and goes on with it', async () => {
    const store = new FlakyRunStore(database);
    const dead = node({ store });
    const runId = await dead.start(userId, 'a long question');
    dead.model.say('The first half');
    await within('the checkpoint', store.untilCheckpoint('The first half'));
    dead.die();
    await dead.store.hold(dead.identity.id, [runId], 0);

    const next = node();
    next.model.say(' and the second.');
    next.model.finish();
    await next.recovery.onApplicationBootstrap();
    const interrupted = await next.store.find(runId);
    expect(interrupted).toMatchObject({ status: 'interrupted', continuedBy: expect.any(String), epoch: 2 });
    const continuation = await next.records(interrupted!.continuedBy!, userId);
    expect(continuation.map((r) => (r.type === 'text.delta' ? r.data.text : '')).join('')).toBe(
      'The first half and the second.',
    );
    expect(continuation[0]).toMatchObject({ data: { continues: runId } });
    expect(next.model.requests[0]!.messages.slice(-2)).toEqual([
      { role: 'user', content: 'a long question' },
      { role: 'assistant', content: 'The first half' },
    ]);
    const [, stored] = [await next.recovery.sweep(), await next.records(runId, userId)];
    expect(end(stored)).toMatchObject({
      type: 'run.failed',
      data: { finishReason: 'interrupted', text: 'The first half', continuedBy: interrupted!.continuedBy },
    });
  });

  it('lets the owner that was thought dead write nothing more', async () => {
    const sleeper = node({ env: LONG_LEASE });
    const runId = await sleeper.start(userId);
    sleeper.model.say('I am ');
    await sleeper.untilText(runId, userId, 'I am ');
    const reading = sleeper.records(runId, userId);
    await sleeper.store.hold(sleeper.identity.id, [runId], 0);
    const other = node({ env: { RUN_RECOVERY: 'interrupt' } });
    await other.recovery.sweep();
    expect(await other.store.find(runId)).toMatchObject({ status: 'interrupted' });
    sleeper.model.say('still here');
    sleeper.model.finish();
    expect((await within('the reader leaving', reading)).some((record) => record.type === 'run.completed')).toBe(false);
    expect(await other.store.find(runId)).toMatchObject({ status: 'interrupted' });
    expect((await other.store.findAnswer(runId))?.content).not.toContain('still');
  });

  it('gives up on an answer that was interrupted again and again', async () => {
    let runId: string | undefined = await node().start(userId);
    for (let times = 0; runId; times++) {
      const run: Run = (await nodes[0]!.store.find(runId))!;
      expect(run.recoveries).toBe(times);
      expect(times).toBeLessThan(5);
      await database.run((db) => db.updateTable('runs').set({ held_until: null }).where('id', '=', run.id).execute());
      await node().recovery.sweep();
      runId = (await nodes[0]!.store.find(run.id))?.continuedBy;
    }
  });

  it('asks for patience where a run is being written on another node', async () => {
    const [one, other] = [node(), node()];
    const runId = await one.start(userId);
    await expect(other.reader.open(runId, userId)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryAfterMs: expect.any(Number),
    });
    expect(await other.stopper.stop(runId, userId)).toEqual({ runId, status: 'cancelling' });
  });

  it('stops a run whose owner is dead, and does not continue it', async () => {
    const [dead, other] = [node(), node()];
    const runId = await dead.start(userId);
    dead.die();
    await dead.store.hold(dead.identity.id, [runId], 0);
    expect(await other.stopper.stop(runId, userId)).toEqual({
      runId,
      status: 'cancelled',
      finalSeq: expect.any(Number),
    });
    await other.recovery.sweep();
    expect(await other.store.find(runId)).toMatchObject({ status: 'cancelled' });
  });

  it('keeps a stop through the death of the owner', async () => {
    const [dead, other] = [node(), node()];
    const runId = await dead.start(userId);
    await other.stopper.stop(runId, userId);
    dead.die();
    await dead.store.hold(dead.identity.id, [runId], 0);
    await other.recovery.sweep();
    const run = await other.store.find(runId);
    expect(run).toMatchObject({ status: 'cancelled' });
    expect(run).not.toHaveProperty('continuedBy');
  });

  it('finishes the answer without the database, and stores it when it is back', async () => {
    const store = new FlakyRunStore(database);
    const one = node({ store });
    const runId = await one.start(userId);
    store.isDown = true;
    one.model.say('without a net');
    one.model.finish();
    expect(end(await one.records(runId, userId))).toMatchObject({ type: 'run.completed' });
    expect(await one.store.find(runId)).toMatchObject({ status: 'running' });
    store.isDown = false;
    await one.answers.beforeApplicationShutdown();
    expect(await one.store.find(runId)).toMatchObject({ status: 'completed' });
  });

  it('hands over what is still running when its grace is over', async () => {
    const leaving = node();
    const runId = await leaving.start(userId);
    leaving.model.say('to be ');
    await leaving.untilText(runId, userId, 'to be ');
    leaving.lifecycle.beginDraining();
    await expect(leaving.start(userId)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await within('the handover', leaving.engine.drain(0));
    const next = node({ env: LONG_LEASE });
    next.model.say('continued');
    next.model.finish();
    await next.recovery.sweep();
    const { continuedBy } = (await next.store.find(runId))!;
    expect((await untilEnded(next, continuedBy!))?.status).toBe('completed');
    expect((await next.store.findAnswer(continuedBy!))?.content).toBe('to be continued');
  });

  it('survives a database that is away when it looks for abandoned runs or holds its own', async () => {
    const store = new FlakyRunStore(database);
    const one = node({ store });
    const runId = await one.start(userId);
    store.downFor = ['hold', 'listAbandoned', 'checkpoint'];
    one.model.say('hello');
    await one.recovery.sweep();
    await one.untilText(runId, userId, 'hello');
    one.model.finish();
    expect(end(await one.records(runId, userId))).toMatchObject({ type: 'run.completed' });
  });

  it('tells nobody about the runs of somebody else', async () => {
    const one = node();
    const runId = await one.start(userId);
    const mallory = await insertUser(database);
    for (const id of [runId, newRowId(), 'no id at all']) {
      await expect(one.reader.open(id, mallory)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
      await expect(one.stopper.stop(id, mallory)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    }
  });
});
