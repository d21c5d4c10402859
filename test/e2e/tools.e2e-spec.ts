import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

describe('A client of Talksy that knows tools', () => {
  let app: TestApp;
  let account: Account;
  let client: AssistantClient;
  const rest = (path: string, body?: unknown, token = account.accessToken) =>
    fetch(`${app.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });

  beforeAll(async () => {
    app = await startTalksy();
    account = await register(app.url);
  }, 60_000);
  beforeEach(async () => void (client = await AssistantClient.connect(app.url, account)));
  afterEach(() => client.close());
  afterAll(() => app.close());

  it('sees the calculator at work while the answer is streamed', async () => {
    const { start, end, text } = await client.stream('what is 17*23?');
    const [call] = client.of('tool_call');
    expect(call).toEqual({
      runId: start.runId,
      callId: expect.any(String),
      toolName: 'calculator',
      parameters: { expression: '17 * 23' },
      seq: expect.any(Number),
    });
    expect(client.of('tool_result')).toEqual([
      {
        runId: start.runId,
        callId: call.callId,
        toolName: 'calculator',
        result: { success: true, data: { expression: '17 * 23', result: '391' } },
        executionTimeMs: expect.any(Number),
        seq: call.seq + 1,
      },
    ]);
    expect(text).toContain('391');
    expect(end).toMatchObject({ finishReason: 'stop', provider: 'mock' });
  });

  it('gets the same frames again when it resumes', async () => {
    const { start, text } = await client.stream('what is 6*7?');
    const other = await AssistantClient.connect(app.url, account);
    await other.ask('resume_stream', { runId: start.runId });
    await other.untilEvent('stream_end');
    expect(other.of('tool_call')).toEqual(client.of('tool_call'));
    expect(other.of('tool_result')).toEqual(client.of('tool_result'));
    expect(other.textOf(start.runId)).toBe(text);
    const [call] = other.of('tool_call');
    other.received.length = 0;
    await other.ask('resume_stream', { runId: start.runId, afterSeq: call.seq });
    await other.untilEvent('stream_end');
    expect(other.received[0]?.event).toBe('tool_result');
    other.close();
  });

  it('gets an answer with tools in one piece, too', async () => {
    const ack = await client.ask('user_message', { text: 'what is 2 + 3?' });
    expect(ack.data.text).toContain('"result":"5"');
    expect(client.received.map(({ event }) => event)).toEqual([
      'SESSION_CREATED',
      'tool_call',
      'tool_result',
      'assistant_response',
    ]);
  });

  it('says which tools may be called', async () => {
    await client.stream('what is 2*2?', { tools: [] });
    await client.stream('what is 3*3?', { tools: ['current_time'] });
    expect(client.of('tool_call').filter(({ toolName }) => toolName === 'calculator')).toEqual([]);
    const refused = await client.ask('user_message_stream', { text: 'hi', tools: 'all' });
    expect(refused.error).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'tools must be a list of at most 128 names',
    });
  });

  it('lists tools, all or of one category', async () => {
    const { data } = await client.ask('list_tools', {});
    expect(await client.untilEvent('tools_list')).toEqual(data);
    expect(data.map(({ name }: Payload) => name)).toEqual(expect.arrayContaining(['calculator', 'current_time']));
    expect(data[0]).toEqual({
      name: 'calculator',
      description: expect.any(String),
      category: 'utility',
      parameters: expect.objectContaining({ type: 'object' }),
      version: '1.0.0',
      timeoutMs: 10_000,
      requiresApproval: false,
      deprecated: false,
    });
    const some = await client.ask('list_tools', { category: 'data' });
    expect(new Set(some.data.map(({ category }: Payload) => category))).toEqual(new Set(['data']));
    expect((await client.ask('list_tools', { category: 'none' })).error.code).toBe('VALIDATION_ERROR');
  });

  it('learns about one tool', async () => {
    const { data } = await client.ask('get_tool_info', { toolName: 'current_time' });
    expect(await client.untilEvent('tool_info')).toEqual(data);
    expect(data.name).toBe('current_time');
    expect((await client.ask('get_tool_info', { toolName: 'nothing' })).error.code).toBe('TOOL_NOT_FOUND');
  });

  it('calls a tool itself', async () => {
    const call = { toolName: 'calculator', parameters: { expression: '1/3*3' }, callId: 'mine' };
    const { data } = await client.ask('call_tool', call);
    expect(data).toEqual({
      callId: 'mine',
      toolName: 'calculator',
      result: { success: true, data: { expression: '1/3*3', result: '1' } },
      executionTimeMs: expect.any(Number),
    });
    expect(await client.untilEvent('tool_result')).toEqual(data);
    const { error } = await client.ask('call_tool', { toolName: 'calculator', parameters: { expr: '1' } });
    expect(error).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'The parameters are wrong: expression is missing; expr is not a parameter of this tool.',
      details: [
        { field: 'expression', message: 'expression is missing' },
        { field: 'expr', message: 'expr is not a parameter of this tool' },
      ],
    });
    const failed = await client.ask('call_tool', { toolName: 'calculator', parameters: { expression: 'x' } });
    expect(failed.data.result).toMatchObject({ success: false, error: { code: 'VALIDATION_ERROR' } });
  });

  it('does all of that over REST', async () => {
    const listed = await rest('/api/tools');
    expect(((await listed.json()) as Payload[]).map(({ name }) => name)).toContain('search_conversations');
    expect(await (await rest('/api/tools?category=data')).json()).toHaveLength(1);
    expect((await rest('/api/tools?category=none')).status).toBe(400);
    expect(await (await rest('/api/tools/current_time')).json()).toMatchObject({ name: 'current_time' });
    const called = await rest('/api/tools/calculator/call', { parameters: { expression: '2^10' } });
    expect(called.status).toBe(200);
    expect(await called.json()).toMatchObject({ success: true, data: { result: '1024' }, toolName: 'calculator' });
    const wrong = await rest('/api/tools/calculator/call', { parameters: { expression: 5 } });
    expect([wrong.status, ((await wrong.json()) as Payload).code]).toEqual([400, 'VALIDATION_ERROR']);
    expect((await rest('/api/tools/calculator/call', { parameters: 'x' })).status).toBe(400);
    const missing = await rest('/api/tools/nothing/call', {});
    expect([missing.status, ((await missing.json()) as Payload).code]).toEqual([404, 'TOOL_NOT_FOUND']);
    expect((await rest('/api/tools', undefined, 'wrong')).status).toBe(401);
  });

  it('finds what it said before, and nobody else does', async () => {
    await client.stream('exactly: the password of the safe is xylophone');
    const search = { toolName: 'search_conversations', parameters: { query: 'XYLOPHONE safe' } };
    const found = await client.ask('call_tool', search);
    expect(found.data.result.data.matches).toHaveLength(2);
    const stranger = await AssistantClient.connect(app.url, await register(app.url));
    expect((await stranger.ask('call_tool', search)).data.result.data).toEqual({ matches: [] });
    stranger.close();
  });
});
