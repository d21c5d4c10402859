import { FakeRun } from '../../test/support/fake-run.js';
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

describe('the client of Talksy, when something is lost,', () => {
  it('comes back to its session in mid-answer, and neither loses nor repeats a chunk', async () => {
    await connect();
    const end = chat.send('hello', answer);
    const run = await server.run();
    run.chunk('one ');
    run.chunk('two ');
    await until(() => shown === 'one two ');
    server.dropConnections();
    await until(() => news.includes('lost'));
    run.chunk('three ');
    await until(() => news.includes('restored'));
    run.chunk('four');
    run.end();
    await end;
    expect(shown).toBe('one two three four');
    expect(server.requests('resume_stream')).toEqual([{ runId: 'run-1', afterSeq: 3 }]);
    expect(server.requests('connect').map(({ sessionId }) => sessionId)).toEqual([undefined, 'session-1']);
  });

  it('starts no second run when the connection breaks before the first sign of it', async () => {
    await connect();
    server.ignored.add('user_message_stream');
    const end = chat.send('hello', answer);
    await until(() => server.requests('user_message_stream').length === 1);
    server.dropConnections();
    const run = await server.run();
    run.chunk('hi');
    run.end();
    await end;
    const [first, second] = server.requests('user_message_stream');
    expect(second).toEqual(first);
    expect(shown).toBe('hi');
  });

  it('asks for the rest of an answer that had to wait, and does not send its message again', async () => {
    await connect();
    server.ignored.add('user_message_stream');
    const end = chat.send('hello', answer);
    await until(() => server.requests('user_message_stream').length === 1);
    const { messageId } = server.requests('user_message_stream')[0]!;
    const run = new FakeRun('run-1', 'hello', messageId as string);
    server.runs.push(run);
    server.emit('stream_queued', { ...run.start, position: 1 });
    server.dropConnections();
    await until(() => server.requests('resume_stream').length === 1);
    run.chunk('at last');
    run.end();
    await end;
    expect(shown).toBe('at last');
    expect(server.requests('user_message_stream')).toHaveLength(1);
    expect(server.requests('resume_stream')).toEqual([{ runId: run.id, afterSeq: 0 }]);
  });

  it('sends what was said while the connection was down', async () => {
    await connect();
    server.dropConnections();
    await until(() => news.includes('lost'));
    const end = chat.send('hello', answer);
    (await server.run()).end();
    await end;
    expect(server.requests('user_message_stream')).toHaveLength(1);
  });

  it('asks again for chunks that were lost on the way', async () => {
    await connect();
    const end = chat.send('hello', answer);
    const run = await server.run();
    run.lost.add(3).add(6);
    for (const word of ['a', 'b', 'c', 'd', 'e']) run.chunk(word);
    await until(() => shown === 'abcde');
    run.lost.add(7);
    run.chunk('f');
    run.end();
    await end;
    expect(shown).toBe('abcdef');
  });

  it('gives up on an answer whose chunks never come', async () => {
    await connect();
    const end = chat.send('hello', answer);
    (await server.run()).end({ lastIndex: 4 });
    await expect(end).rejects.toMatchObject({ code: 'ANSWER_LOST' });
  });

  it('waits for a store that is away for a moment, and asks again', async () => {
    await connect();
    server.refuse('resume_stream', { code: 'STORE_UNAVAILABLE', message: 'later', retryAfterMs: 1 });
    const end = chat.send('hello', answer);
    const run = await server.run();
    run.chunk('a');
    await until(() => shown === 'a');
    server.dropConnections();
    await until(() => server.requests('resume_stream').length === 2);
    run.end();
    await end;
  });

  it('tells of an answer that is gone for good', async () => {
    await connect();
    server.refuse('resume_stream', { code: 'RUN_NOT_FOUND', message: 'gone' });
    const end = chat.send('hello', answer);
    const failure = end.catch((error: ClientError) => error);
    (await server.run()).chunk('a');
    await until(() => shown === 'a');
    server.dropConnections();
    expect(await failure).toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});
