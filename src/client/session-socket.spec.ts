import { jest } from '@jest/globals';
import { FakeTalksyServer, until } from '../../test/support/fake-talksy-server.js';
import type { ClientError } from './client-error.js';
import { RestClient } from './rest-client.js';
import { SessionSocket } from './session-socket.js';
import { TokenSource } from './token-source.js';
import type { WireError } from './wire.js';

const EXPIRED: WireError = { code: 'TOKEN_EXPIRED', message: 'The access token has expired.' };
const BUSY: WireError = { code: 'OVERLOADED', message: 'busy', retryAfterMs: 1 };
const REUSED: WireError = { code: 'TOKEN_REUSED', message: 'Log in again.' };

let server: FakeTalksyServer;
let socket: SessionSocket;
let news: string[];
let now: number;

async function open(): Promise<void> {
  const rest = new RestClient(server.url);
  const tokens = new TokenSource(rest, await rest.register({ email: 'a@b.c', password: 'pass-word' }), () => now);
  socket = new SessionSocket(server.url, tokens, {
    onSession: ({ sessionId }) => news.push(sessionId),
    onLost: () => news.push('lost'),
    onClosed: (error) => news.push(error.message),
    onServerError: (error) => news.push(`error ${error.code}`),
  });
  socket.open();
}

const usedTokens = () => server.requests('connect').map(({ token }) => token);

/** Socket.IO takes its timers when a socket is made, so these must be in place before. The network stays real. */
function fakeTimers(): void {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] });
}

/** Lets time pass, in steps that leave the network its turns, until the condition holds. */
async function passTimeUntil(condition: () => boolean): Promise<void> {
  await until(() => {
    jest.advanceTimersByTime(20);
    return condition();
  });
}

beforeEach(async () => {
  server = await new FakeTalksyServer().start();
  news = [];
  now = 0;
});
afterEach(async () => {
  jest.useRealTimers();
  socket.close();
  await server.stop();
});

describe('the connection of a Talksy client', () => {
  it('fails at once where there is no server', async () => {
    const { url } = server;
    await open();
    socket.close();
    await server.stop();
    socket = new SessionSocket(url, { accessToken: async () => 't' } as TokenSource, {
      onSession: () => undefined,
      onLost: () => undefined,
      onClosed: (error) => news.push(error.message),
      onServerError: () => undefined,
    });
    socket.open();
    await until(() => news.length > 0);
    expect(news).toEqual([`cannot reach ${url}`]);
    await server.start();
  });

  it.each([
    [{ code: 'UNAUTHORIZED', message: 'Sign in first.' }, /^Sign in first\.$/],
    [{ message: 'go away' } as WireError, /refused the connection: go away$/],
  ])('fails where it is refused for good: %j', async (refusal, message) => {
    server.refuse('connect', refusal);
    await open();
    await until(() => news.length > 0);
    expect(news).toEqual([expect.stringMatching(message)]);
  });

  it('waits where the server is busy, but not for ever', async () => {
    server.refuse('connect', BUSY, BUSY);
    await open();
    await until(() => news.length > 0);
    expect(news).toEqual(['session-1']);
    server.refuse('connect', ...Array<WireError>(20).fill(BUSY));
    server.dropConnections();
    await until(() => news.length === 3);
    expect(news).toEqual(['session-1', 'lost', 'busy']);
  });

  it('comes back with a new token when the server calls the old one expired', async () => {
    server.refuse('connect', EXPIRED);
    await open();
    await until(() => news.length > 0);
    expect(usedTokens()).toEqual(['access-1', 'access-2']);
  });

  it('tries again to get a new token while the server is busy, and gives up when it is refused', async () => {
    server.refuse('connect', EXPIRED, EXPIRED);
    server.refuse('/auth/refresh', BUSY, REUSED);
    await open();
    await until(() => news.length > 0);
    expect(news).toEqual(['Log in again.']);
    expect(usedTokens()).toEqual(['access-1', 'access-1']);
  });

  it('refreshes an expired token before it comes back', async () => {
    await open();
    await until(() => news.length === 1);
    now += 900_000;
    server.refuse('/auth/refresh', BUSY);
    server.dropConnections();
    await until(() => news.at(-1) === 'session-1' && news.length > 1);
    expect(usedTokens()).toEqual(['access-1', 'access-2']);
  });

  it('ends when its sign-in is over', async () => {
    await open();
    await until(() => news.length === 1);
    now += 900_000;
    server.refuse('/auth/refresh', REUSED);
    server.dropConnections();
    await until(() => news.length === 3);
    expect(news).toEqual(['session-1', 'lost', 'Log in again.']);
  });

  it('comes back when the server closes it', async () => {
    await open();
    await until(() => news.length === 1);
    server.disconnectSockets();
    await until(() => news.length === 3);
    expect(news).toEqual(['session-1', 'lost', 'session-1']);
  });

  it('shows a new token before the old one ends', async () => {
    await open();
    await until(() => news.length === 1);
    server.emit('token_expiring');
    await until(() => server.requests('authenticate').length === 1);
    expect(server.requests('authenticate')).toEqual([{ token: 'access-2' }]);
    server.refuse('/auth/refresh', BUSY);
    server.emit('token_expiring');
    await until(() => server.requests('/auth/refresh').length === 2);
    expect(news).toEqual(['session-1']);
  });

  it('fails where the server opens no session, and where it answers no request', async () => {
    fakeTimers();
    await open();
    await until(() => news.length === 1);
    server.ignored.add('get_history');
    let failure: ClientError | undefined;
    socket.requests.send('get_history', {}).catch((error: ClientError) => (failure = error));
    await passTimeUntil(() => failure !== undefined);
    expect(failure).toMatchObject({ code: 'NO_ANSWER' });
    server.opensSessions = false;
    server.dropConnections();
    await passTimeUntil(() => news.length === 3);
    expect(news.at(-1)).toMatch(/opened no session$/);
  });

  it('gives up when the server stays away', async () => {
    fakeTimers();
    await open();
    await until(() => news.length === 1);
    await server.stop();
    await passTimeUntil(() => news.length === 3);
    expect(news).toEqual(['session-1', 'lost', expect.stringMatching(/^cannot reach/)]);
    jest.useRealTimers();
    await server.start();
  });
});
