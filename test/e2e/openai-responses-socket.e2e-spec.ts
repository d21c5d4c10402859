import { WebSocket } from 'ws';
import { type Account, register } from '../support/assistant-client.js';
import { openResponseSchemas, schemaOfEvent } from '../support/response-schemas.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

const TEXT = 'Grüße aus 東京 😀 and whole.';
const WEATHER = { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } };

// oxlint-disable-next-line typescript/no-explicit-any -- what comes over the wire is what the tests assert
type Event = any;

const problems = openResponseSchemas();

/** A plain client: sends frames, and collects the events of one turn after another. */
class ResponseClient {
  private readonly events: Event[] = [];
  private wake = () => {};

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.events.push(JSON.parse(String(data as Buffer)));
      this.wake();
    });
  }

  static async open(url: string, token: string, path = '/v1/responses'): Promise<ResponseClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const client = new ResponseClient(socket);
    await within('the websocket opening', new Promise((resolve) => socket.once('open', resolve)));
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The events of the next turn, up to its end or its error. */
  async turn(): Promise<Event[]> {
    const isLast = ({ type }: Event) => /^(error|response\.(completed|failed|incomplete))$/.test(type);
    const come = async () => {
      while (!this.events.some(isLast)) await new Promise<void>((resolve) => (this.wake = resolve));
    };
    await within('the end of the turn', come());
    return this.events.splice(0, this.events.findIndex(isLast) + 1);
  }

  async ask(frame: object): Promise<Event[]> {
    this.send({ type: 'response.create', model: 'mock', ...frame });
    return this.turn();
  }
}

const textOf = (events: readonly Event[]) => events.at(-1).response.output[0]?.content[0].text;
const idOf = (events: readonly Event[]) => events.at(-1).response.id as string;

describe('The Responses API by websocket', () => {
  let app: TestApp;
  let account: Account;
  const opened: ResponseClient[] = [];
  const open = async (path?: string) => {
    const client = await ResponseClient.open(app.url, account.accessToken, path);
    opened.push(client);
    return client;
  };
  const refusalOf = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; body: string }>((resolve) => {
      const socket = new WebSocket(`${app.url.replace('http', 'ws')}${path}`, { headers });
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (data: Buffer) => (body += data.toString()));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      });
    });

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKENS: '20' });
    account = await register(app.url);
  }, 60_000);
  afterAll(async () => {
    for (const { socket } of opened) socket.terminate();
    await app.close();
  });

  it.each(['/v1/responses', '/openai/v1/responses'])('streams a turn, one event a message: %s', async (path) => {
    const client = await open(path);
    const events = await client.ask({ input: `exactly: ${TEXT}` });
    expect(events.flatMap((event) => problems(schemaOfEvent(event.type), event))).toEqual([]);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_event, at) => at));
    expect(events.map(({ delta = '' }) => delta).join('')).toBe(TEXT);
    expect(textOf(events)).toBe(TEXT);
  });

  it('plays turns that are sent at once one after another', async () => {
    const client = await open();
    for (const word of ['one', 'two', 'three']) {
      client.send({ type: 'response.create', model: 'mock', input: `exactly: ${word}` });
    }
    expect([textOf(await client.turn()), textOf(await client.turn()), textOf(await client.turn())]).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  it('goes on with what is stored from any connection, and with what is not from its own only', async () => {
    const [client, other] = [await open(), await open()];
    const code = { input: 'My code word: walrus. Keep it.' };
    const ask = 'What is the code word?';
    const stored = idOf(await client.ask(code));
    expect(textOf(await other.ask({ input: ask, previous_response_id: stored }))).toContain('walrus');
    const first = idOf(await client.ask({ ...code, store: false }));
    const second = await client.ask({ input: ask, previous_response_id: first, store: false });
    expect(textOf(second)).toContain('walrus');
    expect(textOf(await client.ask({ input: ask, previous_response_id: idOf(second) }))).toContain('walrus');
    const [refused] = await other.ask({ input: ask, previous_response_id: first, store: false });
    expect(refused).toMatchObject({ type: 'error', status: 400, error: { code: 'previous_response_not_found' } });
    expect(problems('WebSocketErrorEvent', refused)).toEqual([]);
  });

  it('goes on with results of calls, and forgets what could not be gone on with', async () => {
    const client = await open();
    const called = await client.ask({ input: 'What is the weather?', tools: [WEATHER], store: false });
    const { call_id } = called.at(-1).response.output[0];
    const output = { type: 'function_call_output', call_id, output: 'Rain, 7 °C' };
    const answered = await client.ask({ input: [output], previous_response_id: idOf(called), store: false });
    expect(textOf(answered)).toContain('Rain, 7 °C');
    const goOn = { input: 'exactly: on', previous_response_id: idOf(answered), store: false };
    const [failed] = await client.ask({ ...goOn, model: 'no-such-model' });
    expect(failed).toMatchObject({ type: 'error', status: 404, error: { code: 'model_not_found' } });
    expect((await client.ask(goOn))[0]).toMatchObject({ error: { code: 'previous_response_not_found' } });
  });

  it.each(['{', '[]', '"x"', '{"type":"response.cancel"}', '{"type":"response.create","model":"mock"}'])(
    'tells what is wrong with %s, and stays',
    async (frame) => {
      const client = await open();
      client.send(frame);
      const [error] = await client.turn();
      expect(error).toMatchObject({ type: 'error', status: 400, error: { type: 'invalid_request_error' } });
      expect(textOf(await client.ask({ input: 'exactly: here' }))).toBe('here');
    },
  );

  it('opens for nobody unknown, for no foreign page and on no other path', async () => {
    const authorization = `Bearer ${account.accessToken}`;
    const unknown = await refusalOf('/v1/responses');
    expect([unknown.status, JSON.parse(unknown.body).error.code]).toEqual([401, 'invalid_api_key']);
    expect((await refusalOf('/v1/responses', { authorization, origin: 'https://evil.example' })).status).toBe(403);
    for (const path of ['/v1/responses/resp_1', '/v1/chat/completions', '/v1/responsesX'])
      expect((await refusalOf(path, { authorization })).status).toBe(404);
  });

  it('makes a long conversation short, with which any connection goes on', async () => {
    const client = await open();
    const { id } = (await client.ask({ input: 'My code word: walrus. Keep it.' })).at(-1).response;
    const answer = await fetch(`${app.url}/v1/responses/compact`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'mock', previous_response_id: id, input: 'And I like tea.' }),
    });
    const compacted = (await answer.json()) as { object: string; output: { type: string }[] };
    expect(problems('CompactResource', compacted)).toEqual([]);
    expect(compacted.output.map(({ type }) => type)).toEqual(['message', 'message', 'compaction']);
    const input = [...compacted.output, { role: 'user', content: 'What is the code word?' }];
    expect(textOf(await client.ask({ input, store: false }))).toContain('walrus');
  });

  it('stops what nobody can come back to when its connection goes', async () => {
    const client = await open();
    const active = async () => {
      const health = (await (await fetch(`${app.url}/health/detailed`)).json()) as Event;
      return health.checks.runs.active as number;
    };
    client.send({ type: 'response.create', model: 'mock', store: false, input: `exactly: ${'word '.repeat(20_000)}` });
    while ((await active()) === 0);
    client.socket.terminate();
    await within(
      'the end of the run',
      (async () => {
        while ((await active()) > 0);
      })(),
    );
  });
});
