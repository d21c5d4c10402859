import type { Database } from '../storage/database/database.js';
import { RunNode } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import { within } from '../../test/support/within.js';
import type { RecordOf, RunEventType, RunRecord } from './run-event.js';

describe('A tool of Talksy that needs approval', () => {
  let database: Database;
  let userId: string;
  const nodes: RunNode[] = [];
  const sent: unknown[] = [];
  const make = (env: Record<string, string> = {}): RunNode => {
    const node = new RunNode(database, { env });
    nodes.push(node);
    node.tools.add({ name: 'send', requiresApproval: true }, ({ to }) => sent.push(to));
    return node;
  };
  const of = <T extends RunEventType>(records: readonly RunRecord[], type: T) =>
    records.filter((record): record is RecordOf<T> => record.type === type);
  /** A run that has asked. */
  const asked = async (node: RunNode) => {
    node.model.call(['send', '{"to":"you"}', 'c1']);
    node.model.finish();
    const runId = await node.start(userId);
    const source = await node.reader.open(runId, userId);
    const until = async () => {
      for await (const batch of source.follow(-1, new AbortController().signal)) {
        const [request] = of(batch, 'tool.approval_requested');
        if (request) return request;
      }
      throw new Error('nobody asked');
    };
    const request = await within('the request', until());
    const decide = (verdict: 'approved' | 'denied', on = node, by = userId, reason?: string) =>
      on.tools.approvals.decide({ runId, callId: 'c1', userId: by, verdict, ...(reason && { reason }) });
    return { runId, request, decide, records: () => within('the end', node.records(runId, userId)) };
  };

  beforeAll(async () => {
    database = await openMemoryDatabase();
    userId = await insertUser(database);
  }, 60_000);
  afterEach(async () => {
    sent.length = 0;
    for (const node of nodes.splice(0)) await node.close();
  });
  afterAll(() => database.close());

  it('runs once its user has approved it, and not before', async () => {
    const { request, decide, records } = await asked(make());
    expect(request.data).toEqual({
      callId: 'c1',
      toolName: 'send',
      arguments: '{"to":"you"}',
      expiresAt: expect.stringMatching(/Z$/),
    });
    expect(sent).toEqual([]);
    await decide('approved');
    const log = await records();
    expect(sent).toEqual(['you']);
    expect(log.map(({ type }) => type).filter((type) => type.startsWith('tool.'))).toEqual([
      'tool.called',
      'tool.approval_requested',
      'tool.approved',
      'tool.returned',
    ]);
  });

  it('does not run when it is denied, and the model learns why', async () => {
    const node = make();
    const { decide, records } = await asked(node);
    await decide('denied', node, userId, 'not today');
    const log = await records();
    expect(sent).toEqual([]);
    expect(of(log, 'tool.denied')[0]!.data).toEqual({ callId: 'c1', reason: 'not today' });
    expect(of(log, 'tool.returned')[0]!.data.result).toEqual({
      success: false,
      error: { code: 'TOOL_DENIED', message: 'The user denied the call: not today' },
    });
    expect(log.at(-1)!.type).toBe('run.completed');
  });

  it('counts as denied when nobody decides in time', async () => {
    const { decide, records } = await asked(make({ TOOL_APPROVAL_TTL_MS: '1' }));
    const log = await records();
    expect(of(log, 'tool.denied')[0]!.data.reason).toBe('expired');
    expect(of(log, 'tool.returned')[0]!.data.result).toMatchObject({ error: { code: 'TOOL_DENIED' } });
    await expect(decide('approved')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('runs once when two devices approve at once, on two nodes', async () => {
    const [node, other] = [make(), make()];
    const { decide, records } = await asked(node);
    await Promise.all([decide('approved'), decide('approved', other)]);
    await records();
    expect(sent).toEqual(['you']);
    expect((await decide('approved')).status).toBe('approved');
    await expect(decide('denied')).rejects.toMatchObject({ code: 'CONFLICT', message: 'It is approved already.' });
  });

  it('hears of a decision on a node that shares nothing but the database', async () => {
    const { decide, records } = await asked(make());
    await decide('approved', make());
    await records();
    expect(sent).toEqual(['you']);
  });

  it('is decided by nobody else', async () => {
    const node = make();
    const { runId, decide, records } = await asked(node);
    await expect(decide('approved', node, await insertUser(database))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const other = node.tools.approvals.decide({ runId, callId: 'c2', userId, verdict: 'approved' });
    await expect(other).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await decide('denied');
    await records();
    expect(sent).toEqual([]);
  });

  it('lets its run be stopped while it waits', async () => {
    const node = make();
    const { runId, decide, records } = await asked(node);
    await node.stopper.stop(runId, userId);
    expect((await records()).at(-1)!.type).toBe('run.cancelled');
    await decide('approved');
    expect(sent).toEqual([]);
  });

  it('may wait longer than a run may take', async () => {
    const [node, slow] = [make({ RUN_TIMEOUT_MS: '150' }), make({ RUN_TIMEOUT_MS: '150' })];
    const { decide, records } = await asked(node);
    const timedOut = await slow.records(await slow.start(userId), userId);
    expect(timedOut.at(-1)!.type).toBe('run.failed');
    await decide('approved');
    expect((await records()).at(-1)!.type).toBe('run.completed');
    expect(sent).toEqual(['you']);
  });
});
