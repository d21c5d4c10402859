import type { ModelMessage } from '../common/model-message.js';
import { TalksyError } from '../common/errors/talksy-error.js';
import type { Database } from '../storage/database/database.js';
import { RunNode } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import { within } from '../../test/support/within.js';
import type { RecordOf, RunEventType, RunRecord } from './run-event.js';

describe('A model of Talksy that calls tools', () => {
  let database: Database;
  let userId: string;
  let node: RunNode;
  const make = (env: Record<string, string> = {}): RunNode => (node = new RunNode(database, { env }));
  const of = <T extends RunEventType>(records: readonly RunRecord[], type: T) =>
    records.filter((record): record is RecordOf<T> => record.type === type);
  const play = async (): Promise<RunRecord[]> => within('the end', node.records(await node.start(userId), userId));
  const textOf = (records: readonly RunRecord[]) =>
    of(records, 'text.delta')
      .map(({ data }) => data.text)
      .join('');
  const resultsOf = (records: readonly RunRecord[]) => of(records, 'tool.returned').map(({ data }) => data.result);

  beforeAll(async () => {
    database = await openMemoryDatabase();
    userId = await insertUser(database);
  }, 60_000);
  afterEach(() => node.close());
  afterAll(() => database.close());

  it('gets the results of all it called at once, and answers', async () => {
    make();
    const started: string[] = [];
    const both = Promise.withResolvers<void>();
    node.tools.add({ name: 'weather' }, async ({ city }) => {
      started.push(String(city));
      if (started.length === 2) both.resolve();
      await both.promise;
      return { city, sky: 'blue' };
    });
    node.model.say('Let me look.');
    node.model.call(['weather', '{"city":"Rome"}', 'a'], ['weather', '{"city":"Oslo"}', 'b']);
    node.model.say('Blue ', 'in both.');
    node.model.finish();
    const records = await play();
    expect(records.map(({ type }) => type)).toEqual([
      'run.started',
      'attempt.started',
      'text.delta',
      'usage',
      'tool.called',
      'tool.called',
      'tool.returned',
      'tool.returned',
      'attempt.started',
      ...Array.from({ length: of(records, 'text.delta').length - 1 }, () => 'text.delta'),
      'usage',
      'run.completed',
    ]);
    expect(textOf(records)).toBe('Let me look.\n\nBlue in both.');
    expect(node.model.requests[0]!.tools).toEqual([
      { name: 'weather', description: 'A tool of the test.', parameters: {} },
    ]);
    expect(node.model.requests[1]!.messages.slice(-3)).toEqual<ModelMessage[]>([
      {
        role: 'assistant',
        content: 'Let me look.',
        toolCalls: [
          { callId: 'a', name: 'weather', arguments: '{"city":"Rome"}' },
          { callId: 'b', name: 'weather', arguments: '{"city":"Oslo"}' },
        ],
      },
      { role: 'tool', callId: 'a', content: '{"city":"Rome","sky":"blue"}' },
      { role: 'tool', callId: 'b', content: '{"city":"Oslo","sky":"blue"}' },
    ]);
    const [end] = of(records, 'run.completed');
    expect(end!.data).toMatchObject({ finishReason: 'stop', usage: { promptTokens: 6, completionTokens: 10 } });
  });

  it('is asked RUN_MAX_STEPS times, the last time without tools', async () => {
    make({ RUN_MAX_STEPS: '3' });
    const ran: unknown[] = [];
    node.tools.add({ name: 'again' }, () => ran.push(1));
    for (let step = 0; step < 3; step++) node.model.call(['again', '{}']);
    const records = await play();
    expect(node.model.requests.map(({ toolChoice }) => toolChoice)).toEqual([undefined, undefined, 'none']);
    expect(ran).toHaveLength(2);
    expect(of(records, 'run.completed')[0]!.data.finishReason).toBe('tool_calls');
  });

  it('is told what went wrong, whatever it was, and goes on', async () => {
    make({ TOOL_TIMEOUT_MS: '20' });
    const schema = { properties: { unit: { enum: ['C', 'F'] }, days: { type: 'integer' } }, required: ['days'] };
    node.tools.add({ name: 'strict', parameters: { ...schema, additionalProperties: false } }, () => 'never');
    node.tools.add({ name: 'slow' }, () => new Promise(() => undefined));
    node.tools.add({ name: 'broken' }, () => {
      throw new Error('secret of the house');
    });
    node.tools.add({ name: 'honest' }, () => {
      throw new TalksyError('TOOL_FAILED', 'The lake is frozen.');
    });
    node.tools.add({ name: 'huge' }, () => 'x'.repeat(70_000));
    node.tools.add({ name: 'strange' }, () => () => 1);
    node.model.call(
      ['strict', '{"unit":"K"}'],
      ['strict', '{"days":'],
      ['strict', '[1]'],
      ['slow', ''],
      ['broken', '{}'],
      ['honest', '{}'],
      ['huge', '{}'],
      ['strange', '{}'],
      ['missing', '{}'],
    );
    node.model.say('So be it.');
    node.model.finish();
    const records = await play();
    const errorOf = (call: string) => {
      const result = of(records, 'tool.returned').find(({ data }) => data.callId === call)?.data.result;
      return result?.success === false ? `${result.error.code}: ${result.error.message}` : undefined;
    };
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => errorOf(`call_${n}`))).toEqual([
      'VALIDATION_ERROR: The parameters are wrong: days is missing; unit must be equal to one of the allowed values: "C", "F".',
      'VALIDATION_ERROR: The parameters are not valid JSON. Send one JSON object.',
      'VALIDATION_ERROR: The parameters are wrong: parameters must be object.',
      'TOOL_TIMEOUT: The tool took longer than 20 ms.',
      'TOOL_FAILED: The tool failed.',
      'TOOL_FAILED: The lake is frozen.',
      'TOOL_FAILED: The result has 70002 characters; at most 65536 are allowed. Ask for less.',
      'TOOL_FAILED: The tool failed.',
      'TOOL_NOT_FOUND: There is no tool "missing".',
    ]);
    expect(node.model.requests[1]!.messages.at(-1)!.content).toContain('There is no tool');
    expect(textOf(records)).toBe('So be it.');
  });

  it('gets ids of its own for calls that carry the same', async () => {
    make();
    node.tools.add({ name: 'count' }, ({ n }) => n);
    node.model.call(['count', '{"n":1}', 'call_0']);
    node.model.call(['count', '{"n":2}', 'call_0'], ['count', '{"n":3}', 'x'.repeat(300)]);
    node.model.finish();
    const records = await play();
    const ids = of(records, 'tool.called').map(({ data }) => data.callId);
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => id.length < 64)).toBe(true);
    expect(resultsOf(records)).toEqual([1, 2, 3].map((data) => ({ success: true, data })));
  });

  it('is stopped in the middle of a tool, whose late result is dropped', async () => {
    make();
    const started = Promise.withResolvers<AbortSignal>();
    const finish = Promise.withResolvers<string>();
    node.tools.add({ name: 'long' }, (_parameters, { signal }) => {
      started.resolve(signal);
      return finish.promise;
    });
    node.model.call(['long', '{}']);
    const runId = await node.start(userId);
    const signal = await started.promise;
    expect(await node.stopper.stop(runId, userId)).toMatchObject({ status: 'cancelled' });
    expect(signal.aborted).toBe(true);
    finish.resolve('too late');
    const records = await node.records(runId, userId);
    expect(records.at(-1)!.type).toBe('run.cancelled');
    expect(resultsOf(records)).toEqual([]);
  });

  it('is offered what is not deprecated, what the role may use and what the message allows', async () => {
    make();
    node.tools.add({ name: 'plain' }, () => 1);
    node.tools.add({ name: 'old', deprecated: true }, () => 1);
    node.tools.add({ name: 'ruling', requiredRole: 'admin' }, () => 1);
    const names = async (tools?: string[]) => {
      node.model.finish();
      const conversation = { id: crypto.randomUUID(), createIfMissing: true };
      const { run } = await node.starter.start({ userId, text: 'hi', conversation, ...(tools && { tools }) });
      await node.records(run.id, userId);
      return node.model.requests.at(-1)!.tools?.map(({ name }) => name);
    };
    expect(await names()).toEqual(['plain']);
    expect(await names([])).toBeUndefined();
    expect(await names(['ruling', 'old'])).toBeUndefined();
    await database.run((db) => db.updateTable('users').set({ role: 'admin' }).where('id', '=', userId).execute());
    expect(await names()).toEqual(['plain', 'ruling']);
    await database.run((db) => db.updateTable('users').set({ role: 'user' }).where('id', '=', userId).execute());
  });

  it('cannot call what was not offered', async () => {
    make();
    node.tools.add({ name: 'plain' }, () => 1);
    node.model.call(['plain', '{}']);
    node.model.finish();
    const conversation = { id: crypto.randomUUID(), createIfMissing: true };
    const { run } = await node.starter.start({ userId, text: 'hi', conversation, tools: ['other'] });
    const [result] = resultsOf(await node.records(run.id, userId));
    expect(result).toMatchObject({ success: false, error: { code: 'TOOL_NOT_FOUND' } });
  });
});
