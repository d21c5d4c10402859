import { TalksyError } from '../common/errors/talksy-error.js';
import { newRowId } from '../common/ids.js';
import type { Database } from '../storage/database/database.js';
import { MemoryRunLease } from '../storage/run-lease/memory-run-lease.adapter.js';
import { MemoryRunLog } from '../storage/run-log/memory-run-log.adapter.js';
import { FakeClock } from '../../test/support/fake-clock.js';
import { RunNode } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import { within } from '../../test/support/within.js';
import type { RecordOf, RunEventType, RunRecord } from './run-event.js';
import type { Run } from './run.js';

class SharedRunLog extends MemoryRunLog {
  override readonly shared: boolean = true;
}

const TTL_MS = 200;

describe('A run of Talksy whose node dies while tools are at work', () => {
  const clock = new FakeClock();
  const shared = { log: new SharedRunLog(clock), lease: new MemoryRunLease(clock) };
  const nodes: RunNode[] = [];
  let database: Database;
  let userId: string;
  const of = <T extends RunEventType>(records: readonly RunRecord[], type: T) =>
    records.filter((record): record is RecordOf<T> => record.type === type);
  const node = (): RunNode => {
    const made = new RunNode(database, { shared });
    nodes.push(made);
    return made;
  };
  /** Waits for the log to hold so many records of the type, then kills the owner. */
  const dieAfter = async (owner: RunNode, type: RunEventType, count = 1): Promise<string> => {
    const runId = await owner.start(userId);
    const source = await owner.reader.open(runId, userId);
    const reached = async (): Promise<void> => {
      let seen = 0;
      for await (const batch of source.follow(-1, new AbortController().signal)) {
        seen += of(batch, type).length;
        if (seen >= count) return;
      }
    };
    await within(type, reached());
    owner.die();
    clock.advance(TTL_MS + 1);
    await database.run((db) => db.updateTable('runs').set({ held_until: null }).where('id', '=', runId).execute());
    return runId;
  };
  const takeOver = async (other: RunNode, runId: string): Promise<RunRecord[]> => {
    await other.recovery.sweep();
    return within('the end', other.records(runId, userId));
  };

  beforeAll(async () => {
    database = await openMemoryDatabase();
    userId = await insertUser(database);
  }, 60_000);
  afterEach(async () => {
    for (const each of nodes.splice(0)) await each.close();
  });
  afterAll(() => database.close());

  it('never runs a tool again whose result is in the log', async () => {
    const [owner, other] = [node(), node()];
    const ran: string[] = [];
    for (const [name, each] of [
      ['owner', owner],
      ['other', other],
    ] as const) {
      each.tools.add({ name: 'quick' }, () => ran.push(name));
      each.tools.add({ name: 'endless', idempotent: true }, () =>
        name === 'owner' ? new Promise(() => undefined) : 'done there',
      );
    }
    owner.model.say('Well. ');
    owner.model.call(['quick', '{}', 'a'], ['endless', '{}', 'b']);
    const runId = await dieAfter(owner, 'tool.returned');
    other.model.say('All done.');
    other.model.finish();
    const records = await takeOver(other, runId);
    expect(ran).toEqual(['owner']);
    expect(of(records, 'tool.called')).toHaveLength(2);
    expect(of(records, 'tool.returned').map(({ data }) => [data.callId, data.result])).toEqual([
      ['a', { success: true, data: 1 }],
      ['b', { success: true, data: 'done there' }],
    ]);
    expect(other.model.requests[0]!.messages.slice(-3)).toMatchObject([
      { role: 'assistant', content: 'Well. ', toolCalls: [{ callId: 'a' }, { callId: 'b' }] },
      { role: 'tool', callId: 'a', content: '1' },
      { role: 'tool', callId: 'b', content: 'done there' },
    ]);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i));
  });

  it('tells the model that the outcome is unknown where a second call could do harm', async () => {
    const [owner, other] = [node(), node()];
    const ran: string[] = [];
    owner.tools.add({ name: 'pay' }, () => new Promise(() => ran.push('owner')));
    other.tools.add({ name: 'pay' }, () => ran.push('other'));
    owner.model.call(['pay', '{}']);
    const runId = await dieAfter(owner, 'tool.called');
    other.model.finish();
    const records = await takeOver(other, runId);
    expect(ran).toEqual(['owner']);
    expect(of(records, 'tool.returned')[0]!.data.result).toMatchObject({ error: { code: 'TOOL_UNKNOWN_OUTCOME' } });
  });

  it('goes on waiting for the approval that was asked for, without asking again', async () => {
    const [owner, other] = [node(), node()];
    const ran: string[] = [];
    owner.tools.add({ name: 'pay', requiresApproval: true }, () => ran.push('owner'));
    other.tools.add({ name: 'pay', requiresApproval: true }, () => ran.push('other'));
    owner.model.call(['pay', '{}', 'c']);
    const runId = await dieAfter(owner, 'tool.approval_requested');
    other.model.finish();
    const over = takeOver(other, runId);
    await other.tools.approvals.decide({ runId, callId: 'c', userId, verdict: 'approved' });
    const records = await over;
    expect(ran).toHaveLength(1);
    expect(of(records, 'tool.approval_requested')).toHaveLength(1);
  });

  it('never spends an approval twice', async () => {
    const [owner, other] = [node(), node()];
    const ran: string[] = [];
    owner.tools.add({ name: 'pay', requiresApproval: true }, () => new Promise(() => ran.push('owner')));
    other.tools.add({ name: 'pay', requiresApproval: true, idempotent: true }, () => ran.push('other'));
    owner.model.call(['pay', '{}', 'c']);
    const died = dieAfter(owner, 'tool.approved');
    const decide = async (): Promise<string> => {
      for (;;) {
        const [run] = await database.run((db) =>
          db.selectFrom('tool_approvals').selectAll().where('status', '=', 'pending').execute(),
        );
        if (run) return run.run_id;
      }
    };
    const runId = await within('the request', decide());
    await other.tools.approvals.decide({ runId, callId: 'c', userId, verdict: 'approved' });
    await died;
    while ((await owner.tools.approvals.find(runId, 'c'))?.spent !== true) await new Promise(setImmediate);
    other.model.finish();
    const records = await takeOver(other, runId);
    expect(ran).toEqual(['owner']);
    expect(of(records, 'tool.returned')[0]!.data.result).toMatchObject({ error: { code: 'TOOL_UNKNOWN_OUTCOME' } });
  });

  describe('and whose log is lost', () => {
    const continuation = async (other: RunNode, runId: string): Promise<RunRecord[]> => {
      await other.recovery.sweep();
      const { continuedBy } = (await other.store.find(runId))!;
      return within('the end', other.records(continuedBy!, userId));
    };

    it('calls no more tools where one was called that must not be called twice', async () => {
      const [owner, other] = [node(), node()];
      const ran: string[] = [];
      for (const each of [owner, other]) each.tools.add({ name: 'pay' }, () => ran.push('paid'));
      owner.model.call(['pay', '{}']);
      owner.model.say('Paid. ');
      const runId = await dieAfter(owner, 'text.delta');
      await shared.log.retire(runId, 0);
      other.model.say('Done.');
      other.model.finish();
      const records = await continuation(other, runId);
      expect(other.model.requests[0]!.tools ?? []).toEqual([]);
      expect(of(records, 'run.started')[0]!.data.tools).toEqual([]);
      expect(ran).toEqual(['paid']);
    });

    it('may call again what does no harm', async () => {
      const [owner, other] = [node(), node()];
      const ran: string[] = [];
      for (const each of [owner, other]) each.tools.add({ name: 'look', idempotent: true }, () => ran.push('looked'));
      owner.model.call(['look', '{}']);
      owner.model.say('Seen. ');
      const runId = await dieAfter(owner, 'text.delta');
      await shared.log.retire(runId, 0);
      other.model.call(['look', '{}']);
      other.model.finish();
      await continuation(other, runId);
      expect(ran).toEqual(['looked', 'looked']);
    });

    it('makes no call that could do harm while the database cannot say that it was made', async () => {
      const owner = node();
      const ran: string[] = [];
      owner.tools.add({ name: 'pay' }, () => ran.push('paid'));
      owner.tools.add({ name: 'look', idempotent: true }, () => ran.push('looked'));
      owner.store.noteEffects = () => Promise.reject(new TalksyError('STORE_UNAVAILABLE'));
      owner.model.call(['pay', '{}'], ['look', '{}']);
      owner.model.finish();
      const records = await owner.records(await owner.start(userId), userId);
      expect(ran).toEqual(['looked']);
      expect(of(records, 'tool.returned')).toContainEqual(
        expect.objectContaining({
          data: expect.objectContaining({
            toolName: 'pay',
            result: expect.objectContaining({ error: expect.objectContaining({ code: 'STORE_UNAVAILABLE' }) }),
          }),
        }),
      );
    });

    it('has the tools that its client allowed, also where the node died before its first word', async () => {
      const [owner, other] = [node(), node()];
      for (const each of [owner, other]) for (const name of ['pay', 'look']) each.tools.add({ name }, () => 1);
      owner.log.sever();
      const conversation = { id: newRowId(), createIfMissing: true };
      void owner.starter.start({ userId, text: 'a question', conversation, tools: ['look'] });
      let run: Run | undefined;
      while (!run) run = await owner.store.findRunning(conversation.id);
      owner.die();
      clock.advance(TTL_MS + 1);
      await owner.store.hold(owner.identity.id, [run.id], 0);
      other.model.call(['look', '{}']);
      other.model.finish();
      const records = await continuation(other, run.id);
      expect(other.model.requests[0]!.tools).toMatchObject([{ name: 'look' }]);
      expect(of(records, 'tool.returned')).toHaveLength(1);
    });
  });

  it('goes on in the middle of the text behind the tools', async () => {
    const [owner, other] = [node(), node()];
    for (const each of [owner, other]) each.tools.add({ name: 'quick' }, () => 'result');
    owner.model.say('Before.');
    owner.model.call(['quick', '{}', 'a']);
    owner.model.say('After, in pa');
    const runId = await dieAfter(owner, 'text.delta', 2);
    other.model.say('rts.');
    other.model.finish();
    const records = await takeOver(other, runId);
    expect(other.model.requests[0]!.messages.slice(-3)).toMatchObject([
      { role: 'assistant', content: 'Before.' },
      { role: 'tool', content: 'result' },
      { role: 'assistant', content: 'After, in pa' },
    ]);
    expect(
      of(records, 'text.delta')
        .map(({ data }) => data.text)
        .join(''),
    ).toBe('Before.\n\nAfter, in parts.');
  });
});
