import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type Account, AssistantClient, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const TEXT = 'Grüße aus 東京 😀 und noch ein paar Wörter, damit es mehr als ein Stück wird.';

/** Family C, read with a parser of the field. */
describe('A project chat over server-sent events', () => {
  let app: TestApp;
  let account: Account;
  let chatId: string;

  interface Stream {
    status: number;
    headers: Headers;
    raw: string;
    events: EventSourceMessage[];
    datas: Record<string, unknown>[];
  }

  const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`${app.url}/api/editorChat/${path}`, {
      method,
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });

  /** Reads until the end, or until `enough` of the events. */
  async function read(response: Response, enough = Infinity): Promise<Stream> {
    const events: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (event) => events.push(event) });
    let raw = '';
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
      raw += bytes;
      parser.feed(bytes);
      if (events.length >= enough) break;
    }
    const datas = events.flatMap(({ data }) =>
      data === '[DONE]' ? [] : [JSON.parse(data) as Record<string, unknown>],
    );
    return { status: response.status, headers: response.headers, raw, events, datas };
  }
  const textOf = ({ datas }: Stream) => datas.map(({ type, content }) => (type === 'content' ? content : '')).join('');

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '15' });
    account = await register(app.url);
    const client = await AssistantClient.connect(app.url, account);
    chatId = (await client.stream('exactly: begun over a socket')).start.conversationId;
    client.close();
  }, 60_000);
  afterAll(() => app.close());

  it('streams what the protocol says, to proxies and parsers alike', async () => {
    const stream = await read(await call('POST', `stream/${chatId}`, { content: `exactly: ${TEXT}` }));
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.headers.get('cache-control')).toBe('no-cache');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.raw.startsWith(':ok\n\n')).toBe(true);
    expect(stream.raw).not.toContain('event:');
    expect(textOf(stream)).toBe(TEXT);
    expect(stream.datas.at(-1)).toEqual({
      type: 'done',
      tokensUsed: { prompt: expect.any(Number), completion: expect.any(Number), total: expect.any(Number) },
    });
    expect(stream.events.at(-1)!.data).toBe('[DONE]');
  });

  it('shows tools at work', async () => {
    const { datas } = await read(await call('POST', `stream/${chatId}`, { content: 'What is 17*23?' }));
    const start = datas.find(({ type }) => type === 'tool_call_start');
    expect(start).toMatchObject({ tool_name: 'calculator', arguments: { expression: '17 * 23' } });
    expect(datas.find(({ type }) => type === 'tool_result')).toMatchObject({
      call_id: start!['call_id'],
      result: { result: '391' },
    });
  });

  it('goes on where a cut stream ended, by header or query, and has nothing more after the end', async () => {
    const first = await read(await call('POST', `stream/${chatId}`, { content: `exactly: ${TEXT} ${TEXT}` }), 3);
    const { id } = first.events.at(-1)!;
    const rest = await read(await call('GET', `stream/${chatId}`, undefined, { 'last-event-id': id! }));
    expect(textOf(first) + textOf(rest)).toBe(`${TEXT} ${TEXT}`);
    const again = await read(await call('GET', `stream/${chatId}?lastEventId=${id}`));
    expect(textOf(again)).toBe(textOf(rest));
    const last = rest.events.findLast((event) => event.id)!.id!;
    expect((await call('GET', `stream/${chatId}?lastEventId=${last}`)).status).toBe(204);
    expect((await call('GET', `stream/${chatId}`)).status).toBe(204);
  });

  it('answers as one message where no stream is wanted', async () => {
    const response = await call('POST', `stream/${chatId}`, { content: `exactly: ${TEXT}`, enableStreaming: false });
    expect(await response.json()).toMatchObject({ role: 'assistant', content: TEXT, conversationId: chatId });
  });

  it('proves its path', async () => {
    expect((await read(await call('GET', 'test-sse'))).datas).toEqual([{ type: 'content', content: 'It works.' }]);
  });

  it('refuses before the first byte, in the shape of the house', async () => {
    const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
    expect(await codeOf(await call('POST', `stream/${chatId}`, { content: '' }))).toEqual([400, 'VALIDATION_ERROR']);
    expect(await codeOf(await call('POST', 'stream/nowhere', { content: 'x' }))).toEqual([
      404,
      'CONVERSATION_NOT_FOUND',
    ]);
    expect(await codeOf(await call('GET', 'stream/nowhere'))).toEqual([404, 'CONVERSATION_NOT_FOUND']);
    expect(await codeOf(await call('GET', `stream/${chatId}?lastEventId=x`))).toEqual([400, 'VALIDATION_ERROR']);
    const mine = account;
    account = await register(app.url);
    expect(await codeOf(await call('POST', `stream/${chatId}`, { content: 'x' }))).toEqual([
      404,
      'CONVERSATION_NOT_FOUND',
    ]);
    account = mine;
  });
});
