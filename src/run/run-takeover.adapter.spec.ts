import { jest } from '@jest/globals';
import { TalksyError } from '../common/errors/talksy-error.js';
import type { Database } from '../storage/database/database.js';
import { MemoryRunLease } from '../storage/run-lease/memory-run-lease.adapter.js';
import { MemoryRunLog } from '../storage/run-log/memory-run-log.adapter.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { RunNode } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import { within } from '../../test/support/within.js';
import type { RunRecord } from './run-event.js';
import type { LogHead } from './run-log.port.js';

/** What the adapters on Redis are to nodes: one log for all. */
class SharedRunLog extends MemoryRunLog {
  override readonly shared: boolean = true;
  /** How many of the next attempts to open the log of a run fail. */
  readonly failures = new Map<string, number>();

  override async open(runId: string, epoch: number): Promise<LogHead> {
    const left = this.failures.get(runId) ?? 0;
    this.failures.set(runId, left - 1);
    if (left > 0) throw new TalksyError('STORE_UNAVAILABLE', 'a command got no answer');
    return super.open(runId, epoch);
  }
}

const TTL_MS = 200;
const textOf = (records: readonly RunRecord[]) =>
  records.map((record) => (record.type === 'text.delta' ? record.data.text : '')).join('');

describe('With a log that all nodes share', () => {
  const clock = new FakeClock();
  const shared = { log: new SharedRunLog(clock), lease: new MemoryRunLease(clock) };
  const nodes: RunNode[] = [];
  let database: Database;
  let userId: string;
  const node = (): RunNode => {
    const made = new RunNode(database, { shared });
    nodes.push(made);
    return made;
  };
  /** The lease and the hold of the claim lapse. */
  const lapse = async (runId: string): Promise<void> => {
    clock.advance(TTL_MS + 1);
    await database.run((db) => db.updateTable('runs').set({ held_until: null }).where('id', '=', runId).execute());
  };
  const begun = async (on: RunNode, text: string): Promise<string> => {
    const runId = await on.start(userId);
    on.model.say(text);
    await on.untilText(runId, userId, text);
    return runId;
  };
  const isSeqGapFree = (records: readonly RunRecord[]) =>
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));

  beforeAll(async () => {
    database = await openMemoryDatabase();
    userId = await insertUser(database);
  }, 60_000);
  afterEach(async () => {
    for (const each of nodes.splice(0)) await each.close();
  });
  afterAll(() => database.close());

  it('another node finishes a run that belongs to no conversation, from what its caller gave', async () => {
    const [owner, other] = [node(), node()];
    const prompt = { messages: [{ role: 'user', content: 'What now?' }], temperature: 0.3, maxTokens: 50 } as const;
    const { id: runId } = await owner.starter.startStateless({ userId, prompt, tools: [] });
    owner.model.say('One half');
    await owner.untilText(runId, userId, 'One half');
    owner.die();
    await lapse(runId);
    const following = other.records(runId, userId);
    other.model.say(', and the other.');
    other.model.finish();
    await other.recovery.sweep();
    expect(textOf(await within('the end', following))).toBe('One half, and the other.');
    expect(other.model.requests[0]).toMatchObject({
      messages: [...prompt.messages, { role: 'assistant', content: 'One half' }],
      temperature: 0.3,
      maxTokens: 50,
    });
    expect(await other.store.find(runId)).not.toHaveProperty('prompt');
  });

  it('another node finishes the same run when the owner dies, and nobody who follows it notices a gap', async () => {
    const [owner, other] = [node(), node()];
    const runId = await begun(owner, 'The first half');
    const following = other.records(runId, userId);
    owner.die();
    await lapse(runId);
    other.model.say(' and the second.');
    other.model.finish();
    await other.recovery.sweep();
    const records = await within('the end', following);
    isSeqGapFree(records);
    expect(textOf(records)).toBe('The first half and the second.');
    expect(records.filter(({ type }) => type === 'run.completed')).toHaveLength(1);
    expect(other.model.requests[0]!.messages.at(-1)).toEqual({ role: 'assistant', content: 'The first half' });
    expect(await other.store.find(runId)).toMatchObject({ status: 'completed', epoch: 2 });
    expect((await other.store.findAnswer(runId))?.content).toBe('The first half and the second.');
  });

  it('a node that was late does not take its own run for abandoned, but goes on with it', async () => {
    const owner = node();
    const runId = await begun(owner, 'Late, ');
    await lapse(runId);
    await owner.recovery.sweep();
    owner.model.say('but there.');
    owner.model.finish();
    expect(textOf(await within('the end', owner.records(runId, userId)))).toBe('Late, but there.');
    expect(await owner.store.find(runId)).toMatchObject({ status: 'completed', epoch: 1 });
    expect(owner.model.requests).toHaveLength(1);
  });

  it('a run that could not be read when it was taken over is tried again, by whichever node comes first', async () => {
    const [owner, unlucky, other] = [node(), node(), node()];
    const runId = await begun(owner, 'Not ');
    owner.die();
    await lapse(runId);
    shared.log.failures.set(runId, 1);
    await unlucky.recovery.sweep();
    expect(await unlucky.ownership.isHeld(runId)).toBe(false);
    other.model.say('forgotten');
    other.model.finish();
    await other.recovery.sweep();
    expect(textOf(await within('the end', other.records(runId, userId)))).toBe('Not forgotten');
  });

  it('a run that cannot be read keeps no other from being taken over', async () => {
    const [first, second, unlucky, other] = [node(), node(), node(), node()];
    const broken = await begun(first, 'Broken');
    const whole = await begun(second, 'Whole');
    first.die();
    second.die();
    await lapse(broken);
    await lapse(whole);
    shared.log.failures.set(broken, 1);
    await unlucky.recovery.sweep();
    expect(await unlucky.ownership.isHeld(whole)).toBe(true);
    expect(await unlucky.ownership.isHeld(broken)).toBe(false);
    await other.recovery.sweep();
    for (const taker of [unlucky, other]) {
      expect(taker.engine.activeCount).toBe(1);
      taker.model.finish();
      await within('its end', taker.engine.drain(5000));
    }
  });

  it('a run whose log could not be begun belongs to nobody, and is found', async () => {
    const [owner, other] = [node(), node()];
    const opening = jest.spyOn(shared.log, 'open').mockRejectedValueOnce(new Error('a command got no answer'));
    await expect(owner.start(userId)).rejects.toThrow('no answer');
    opening.mockRestore();
    await other.recovery.sweep();
    expect(other.engine.activeCount).toBe(1);
    other.model.say('Answered all the same');
    other.model.finish();
    await within('the end of it', other.engine.drain(5000));
  });

  it('an owner that only stalled cannot append one record after it was replaced', async () => {
    const [sleeper, other] = [node(), node()];
    const runId = await begun(sleeper, 'I was ');
    sleeper.ownership.onModuleDestroy();
    await lapse(runId);
    await other.recovery.sweep();
    sleeper.model.say('here first');
    sleeper.model.finish();
    await within('the sleeper giving up', sleeper.engine.drain(5000));
    other.model.say('replaced');
    other.model.finish();
    const records = await other.records(runId, userId);
    isSeqGapFree(records);
    expect(textOf(records)).toBe('I was replaced');
  });

  it('one of many nodes takes a run over', async () => {
    const [owner, ...others] = [node(), node(), node(), node()];
    const runId = await begun(owner!, 'Mine');
    owner!.die();
    await lapse(runId);
    await Promise.all(others.map((other) => other.recovery.sweep()));
    expect(others.filter((other) => other.engine.activeCount === 1)).toHaveLength(1);
    for (const other of others) other.model.finish();
    await others[0]!.records(runId, userId);
    expect(await others[0]!.store.find(runId)).toMatchObject({ epoch: 2, status: 'completed' });
  });

  it('leaves a run alone whose owner lives', async () => {
    const [owner, other] = [node(), node()];
    const runId = await begun(owner, 'Still ');
    await database.run((db) => db.updateTable('runs').set({ held_until: null }).where('id', '=', runId).execute());
    await other.recovery.sweep();
    expect(other.engine.activeCount).toBe(0);
    owner.model.say('mine');
    owner.model.finish();
    expect(textOf(await owner.records(runId, userId))).toBe('Still mine');
  });

  it('a run is handed over at once when its node shuts down', async () => {
    const [leaving, other] = [node(), node()];
    const runId = await begun(leaving, 'To be ');
    await within('the handover', leaving.engine.drain(0));
    other.model.say('continued');
    other.model.finish();
    await other.recovery.sweep();
    const records = await other.records(runId, userId);
    isSeqGapFree(records);
    expect(textOf(records)).toBe('To be continued');
  });

  it('any node stops a run of a living owner, and gets the seq of its end', async () => {
    const [owner, other] = [node(), node()];
    const runId = await begun(owner, 'Stop me');
    const stopped = await other.stopper.stop(runId, userId);
    const records = await other.records(runId, userId);
    expect(records.at(-1)).toMatchObject({ type: 'run.cancelled', seq: stopped.finalSeq });
    expect(stopped).toMatchObject({ status: 'cancelled' });
    expect(await owner.stopper.stop(runId, userId)).toEqual(stopped);
  });

  it('any node stops a run of a dead owner, whose text stands', async () => {
    const [owner, other] = [node(), node()];
    const runId = await begun(owner, 'Half');
    owner.die();
    await lapse(runId);
    const stopped = await other.stopper.stop(runId, userId);
    expect(stopped).toEqual({ runId, status: 'cancelled', finalSeq: expect.any(Number) });
    const records = await other.records(runId, userId);
    isSeqGapFree(records);
    expect(textOf(records)).toBe('Half');
    expect(records.at(-1)).toMatchObject({ type: 'run.cancelled', epoch: 2, seq: stopped.finalSeq });
    expect(await other.stopper.stop(runId, userId)).toEqual(stopped);
  });

  it('a stop survives the node that accepted it and the owner as well', async () => {
    const [owner, third] = [node(), node()];
    const runId = await begun(owner, 'Half');
    owner.die();
    await third.store.requestStop(runId);
    await lapse(runId);
    await third.recovery.sweep();
    expect(await third.store.find(runId)).toMatchObject({ status: 'cancelled' });
  });

  it('an end that only the log has is brought to SQL as it is', async () => {
    const [owner, other] = [node(), node()];
    const runId = await begun(owner, 'Whole');
    owner.die();
    const head = (await shared.log.find(runId))!;
    const data = {
      finishReason: 'length',
      lastIndex: 0,
      usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 },
      provider: 'p',
      model: 'm',
    } as const;
    await shared.log.append(runId, [{ seq: head.nextSeq, epoch: 1, type: 'run.completed', data }]);
    await lapse(runId);
    await other.recovery.sweep();
    expect(await other.store.find(runId)).toMatchObject({
      status: 'completed',
      end: { finalSeq: head.nextSeq, finishReason: 'length' },
    });
    expect((await other.store.findAnswer(runId))?.content).toBe('Whole');
  });

  it('a run whose log was lost with its store is continued by a new one', async () => {
    const [owner, other] = [node(), node()];
    const runId = await begun(owner, 'Gone');
    owner.die();
    await shared.log.retire(runId, 0);
    await lapse(runId);
    await other.recovery.sweep();
    const { continuedBy, status } = (await other.store.find(runId))!;
    expect(status).toBe('interrupted');
    other.model.say('Anew');
    other.model.finish();
    expect(textOf(await other.records(continuedBy!, userId))).toBe('Anew');
  });

  it('a run that outlives owner after owner is given up', async () => {
    const first = node();
    const runId = await begun(first, 'Poison');
    first.die();
    for (let term = 1; (await first.store.find(runId))?.status === 'running'; term++) {
      expect(term).toBeLessThan(12);
      await lapse(runId);
      const next = node();
      await next.recovery.sweep();
      next.die();
    }
    expect(await first.store.find(runId)).toMatchObject({ status: 'interrupted' });
  });
});
