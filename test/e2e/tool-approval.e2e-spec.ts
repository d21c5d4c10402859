import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

describe('A person whose model wants to call a tool that needs approval', () => {
  let app: TestApp;
  let account: Account;
  const clients: AssistantClient[] = [];
  const connect = async (as = account): Promise<AssistantClient> => {
    const client = await AssistantClient.connect(app.url, as);
    clients.push(client);
    return client;
  };
  /** A client that is being asked. */
  const asked = async () => {
    const client = await connect();
    const { data } = await client.ask('user_message_stream', { text: 'please use the tool test_delete_all' });
    const approval = await client.untilEvent('tool_approval');
    return { client, approval, which: { runId: data.runId as string, callId: approval.callId as string } };
  };
  const text = (client: AssistantClient, runId: string) => client.textOf(runId);

  beforeAll(async () => {
    const server = { command: process.execPath, args: ['test/support/mcp-server.mjs'] };
    app = await startTalksy({ MCP_SERVERS: JSON.stringify({ test: server }), HTTP_FETCH_ENABLED: 'true' });
    account = await register(app.url);
    const client = await connect();
    for (;;) {
      const { data } = await client.ask('list_tools', { category: 'custom' });
      if (data.length > 0) return;
    }
  }, 60_000);
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => app.close());

  it('is asked, approves, and gets the answer', async () => {
    const { client, approval, which } = await asked();
    expect(approval).toEqual({
      ...which,
      toolName: 'test_delete_all',
      parameters: {},
      expiresAt: expect.stringMatching(/Z$/),
      seq: expect.any(Number),
    });
    const { data } = await client.ask('approve_tool', which);
    expect(data).toEqual({ ...which, status: 'approved' });
    await client.untilEvent('stream_end');
    expect(text(client, which.runId)).toContain('deleted');
    expect(client.of('tool_result')[0].result).toEqual({ success: true, data: 'deleted' });
  });

  it('denies it, and the model is told why', async () => {
    const { client, which } = await asked();
    await client.ask('deny_tool', { ...which, reason: 'too dangerous' });
    await client.untilEvent('stream_end');
    expect(client.of('tool_result')[0].result).toMatchObject({ success: false, error: { code: 'TOOL_DENIED' } });
    expect(text(client, which.runId)).toContain('too dangerous');
    expect((await client.ask('approve_tool', which)).error.code).toBe('CONFLICT');
  });

  it('decides on another device, which has seen the question by resuming', async () => {
    const { client, which } = await asked();
    const phone = await connect();
    await phone.ask('resume_stream', { runId: which.runId });
    expect((await phone.untilEvent('tool_approval')).callId).toBe(which.callId);
    const both: Payload[] = await Promise.all([client, phone].map((device) => device.ask('approve_tool', which)));
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    await phone.untilEvent('stream_end');
    expect(phone.of('tool_result')).toHaveLength(1);
  });

  it('is asked also where the answer comes in one piece', async () => {
    const client = await connect();
    const answer = client.ask('user_message', { text: 'please use the tool test_delete_all' });
    const { runId, callId } = await client.untilEvent('tool_approval');
    await client.ask('approve_tool', { runId, callId });
    expect((await answer).data.text).toContain('deleted');
  });

  it('is the only one who decides', async () => {
    const { client, which } = await asked();
    const stranger = await connect(await register(app.url));
    expect((await stranger.ask('approve_tool', which)).error.code).toBe('NOT_FOUND');
    expect((await client.ask('approve_tool', { ...which, callId: 'other' })).error.code).toBe('NOT_FOUND');
    expect((await client.ask('approve_tool', { runId: 5 })).error.code).toBe('VALIDATION_ERROR');
    await client.ask('stop_stream', {});
    expect((await client.untilEvent('stream_end')).finishReason).toBe('cancelled');
  });

  it('calls it without being asked when calling it with own hands', async () => {
    const client = await connect();
    const { data } = await client.ask('call_tool', { toolName: 'test_delete_all' });
    expect(data.result).toEqual({ success: true, data: 'deleted' });
  });

  it('cannot have the server fetch its own private addresses', async () => {
    const client = await connect();
    for (const url of [`${app.url}/health`, 'http://169.254.169.254/latest/meta-data/', 'http://[::1]/']) {
      const { data } = await client.ask('call_tool', { toolName: 'http_fetch', parameters: { url } });
      expect(data.result).toMatchObject({ success: false, error: { code: 'TOOL_FAILED' } });
      expect(data.result.error.message).toContain('no public web address');
    }
  });

  it('sees in the health report how the servers of tools are', async () => {
    const { checks } = (await (await fetch(`${app.url}/health/detailed`)).json()) as Payload;
    expect(checks.tools.servers).toEqual([{ name: 'test', connected: true, tools: 8 }]);
  });
});
