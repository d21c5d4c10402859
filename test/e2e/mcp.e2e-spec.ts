import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { type Account, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

/** The official SDK's client in a process of its own: a command a line, an answer a line. */
class McpClient {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  constructor(url: string, token: string) {
    const args = ['test/support/mcp-client.mjs', url, token];
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines: Interface = createInterface({ input: this.child.stdout! });
    this.answers = lines[Symbol.asyncIterator]();
  }

  async ask(method: string, ...args: unknown[]): Promise<Payload> {
    this.child.stdin!.write(`${JSON.stringify([method, ...args])}\n`);
    const { value } = await within(`the answer to ${method}`, this.answers.next(), 10_000);
    return JSON.parse(value as string) as Payload;
  }

  end(): void {
    this.child.kill();
  }
}

describe('Talksy as a server of MCP', () => {
  let app: TestApp;
  let account: Account;
  const clients: McpClient[] = [];
  const client = (token = account.accessToken): McpClient => {
    const made = new McpClient(`${app.url}/mcp`, token);
    clients.push(made);
    return made;
  };
  const call = (body: unknown, headers: Record<string, string> = {}, method = 'POST') =>
    fetch(`${app.url.replace('localhost', '127.0.0.1')}/mcp`, {
      method,
      headers: {
        authorization: `Bearer ${account.accessToken}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const INITIALIZE = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  };
  const begin = async (headers: Record<string, string> = {}): Promise<string> => {
    const response = await call(INITIALIZE, headers);
    await response.text();
    return response.headers.get('mcp-session-id')!;
  };

  beforeAll(async () => {
    app = await startTalksy();
    account = await register(app.url);
  }, 60_000);
  afterEach(() => clients.splice(0).forEach((each) => each.end()));
  afterAll(() => app.close());

  it('offers its tools to the official client', async () => {
    const one = client();
    expect(await one.ask('connect')).toMatchObject({ version: { name: 'talksy' } });
    const { tools } = await one.ask('listTools');
    expect(tools.map(({ name }: Payload) => name)).toEqual([
      'calculator',
      'current_time',
      'run_javascript',
      'search_conversations',
    ]);
    for (const { inputSchema } of tools) expect(inputSchema.type).toBe('object');
    expect(await one.ask('ping')).toEqual({});
    expect(await one.ask('setLoggingLevel', 'debug')).toEqual({});
    expect(await one.ask('callTool', { name: 'calculator', arguments: { expression: '17*23' } })).toEqual({
      content: [{ type: 'text', text: '{"expression":"17*23","result":"391"}' }],
      structuredContent: { expression: '17*23', result: '391' },
    });
    const wrong = await one.ask('callTool', { name: 'calculator', arguments: {} });
    expect(wrong).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('expression is missing') }],
    });
    expect(await one.ask('callTool', { name: 'nothing' })).toMatchObject({ failed: { code: -32602 } });
    expect(await one.ask('terminateSession')).toEqual({});
  });

  it('serves many requests of a session at once, and many sessions', async () => {
    const [one, two] = [client(), client()];
    await Promise.all([one.ask('connect'), two.ask('connect')]);
    const many = await one.ask('callMany', 12, { name: 'run_javascript', arguments: { code: 'input * 2', input: 21 } });
    expect(new Set(many.map(({ structuredContent }: Payload) => structuredContent.value))).toEqual(new Set([42]));
    expect(await two.ask('ping')).toEqual({});
  });

  it('asks for a credential, and says of what kind', async () => {
    const response = await call(INITIALIZE, { authorization: 'Bearer wrong' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await client('wrong').ask('connect')).toMatchObject({ failed: expect.anything() });
  });

  it.each([{ origin: 'http://evil.example' }, { origin: 'null' }])('refuses the origin %p', async (headers) => {
    expect((await call(INITIALIZE, headers)).status).toBe(403);
  });

  it('knows only its own sessions', async () => {
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
    const unknown = await call(ping, { 'mcp-session-id': 'unknown' });
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null },
    ]);
    expect((await call(ping)).status).toBe(400);
    expect((await call(undefined, {}, 'GET')).status).toBe(400);
    const id = await begin();
    expect((await call(ping, { 'mcp-session-id': id })).status).toBe(200);
    const stranger = await register(app.url);
    const theirs = { 'mcp-session-id': id, authorization: `Bearer ${stranger.accessToken}` };
    expect((await call(ping, theirs)).status).toBe(404);
    expect((await call(undefined, { 'mcp-session-id': id }, 'DELETE')).status).toBe(200);
    expect((await call(ping, { 'mcp-session-id': id })).status).toBe(404);
  });

  it('bounds the sessions of a user, and ends them with the sign-in', async () => {
    const other = await register(app.url);
    const headers = { authorization: `Bearer ${other.accessToken}` };
    for (let session = 0; session < 20; session++) await begin(headers);
    expect((await call(INITIALIZE, headers)).status).toBe(503);
    await fetch(`${app.url}/auth/logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: other.refreshToken }),
    });
    expect((await call(INITIALIZE, headers)).status).toBe(401);
  });
});
