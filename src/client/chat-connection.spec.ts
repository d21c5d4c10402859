import { FakeTalksyServer, until } from '../../test/support/fake-talksy-server.js';
import { ChatConnection } from './chat-connection.js';
import type { ClientError } from './client-error.js';
import { RestClient } from './rest-client.js';
import { TokenSource } from './token-source.js';
import type { WireError } from './wire.js';

let server: FakeTalksyServer;
let chat: ChatConnection;
let news: string[];
let shown: string;

async function connect(now?: () => number): Promise<void> {
  const rest = new RestClient(server.url);
  const tokens = new TokenSource(rest, await rest.register({ email: 'a@b.c', password: 'pass-word' }), now);
  chat = new ChatConnection(server.url, tokens, {
    onLost: () => news.push('lost'),
    onRestored: () => news.push('restored'),
    onClosed: (error: ClientError) => news.push(`closed: ${error.code}`),
    onServerError: (error: WireError) => news.push(`error: ${error.code}`),
  });
  await chat.open();
}

const answer = {
  onText: (added: string) => void (shown += added),
  onReplaced: (text: string) => void (shown = text),
};

beforeEach(async () => {
  server = await new FakeTalksyServer().start();
  news = [];
  shown = '';
});
afterEach(async () => {
  chat.close();
  await server.stop();
});

describe('the client of Talksy', () => {
  it('shows an answer as it comes', async () => {
    await connect();
    const end = chat.send('hello', answer);
    const run = await server.run();
    run.chunk('Good ');
    await until(() => shown === 'Good ');
    run.chunk('day');
    run.end();
    expect(await end).toMatchObject({ finishReason: 'stop', runId: 'run-1' });
    expect(shown).toBe('Good day');
  });

  it('stays in its conversation and keeps to one message at a time', async () => {
    await connect();
    expect(await chat.history()).toEqual([]);
    const first = chat.send('one', answer);
    await expect(chat.send('two', answer)).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    (await server.run()).end();
    await first;
    const second = chat.send('two', answer);
    (await server.run(1)).end();
    await second;
    expect(server.requests('user_message_stream')).toMatchObject([
      { text: 'one' },
      { text: 'two', conversationId: 'conversation-1' },
    ]);
    expect((await chat.history()).map(({ content }) => content)).toEqual(['one', '', 'two', '']);
  });

  it('takes the text of the end for the answer', async () => {
    await connect();
    for (const [n, text, expected] of [
      [0, 'half an answer', 'half an answer'],
      [1, 'something else', 'something else'],
      [2, 'half', 'half'],
    ] as const) {
      shown = '';
      const end = chat.send('hello', answer);
      const run = await server.run(n);
      run.chunk('half');
      run.end({ finishReason: 'interrupted', text });
      await end;
      expect(shown).toBe(expected);
    }
  });

  it('stops an answer and shows nothing after it', async () => {
    await connect();
    const end = chat.send('hello', answer);
    const run = await server.run();
    run.chunk('one');
    await until(() => shown === 'one');
    await chat.stop();
    expect(await end).toMatchObject({ finishReason: 'cancelled' });
    run.chunk('late');
    await chat.history();
    expect(shown).toBe('one');
  });

  it('can stop before it knows the run', async () => {
    await connect();
    const end = chat.send('hello', answer);
    await chat.stop();
    expect(await end).toMatchObject({ finishReason: 'cancelled' });
    expect(server.requests('stop_stream')).toEqual([{}]);
  });

  it('hears of a refusal once', async () => {
    await connect();
    server.refuse('user_message_stream', { code: 'VALIDATION_ERROR', message: 'no', requestId: 'r1' });
    await expect(chat.send('', answer)).rejects.toMatchObject({ code: 'VALIDATION_ERROR', message: 'no' });
    server.emit('error', { code: 'VALIDATION_ERROR', message: 'no', requestId: 'r1' });
    server.emit('error', { code: 'TOKEN_EXPIRED', message: 'expired', requestId: 'r2' });
    server.emit('error', { code: 'OVERLOADED', message: 'busy', requestId: 'r3' });
    await until(() => news.length > 0);
    expect(news).toEqual(['error: OVERLOADED']);
  });

  it('does not take nonsense for an answer', async () => {
    await connect();
    server.refuse('user_message_stream', { message: 'no code' } as WireError);
    await expect(chat.send('hello', answer)).rejects.toMatchObject({ code: 'NOT_TALKSY' });
  });

  it('ends a pending message when it is closed', async () => {
    await connect();
    const end = chat.send('hello', answer);
    const failure = end.catch((error: ClientError) => error);
    await server.run();
    chat.close();
    expect(await failure).toMatchObject({ code: 'DISCONNECTED' });
    await expect(chat.stop()).rejects.toMatchObject({ code: 'DISCONNECTED' });
  });
});
