import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AssistantClient, register } from '../support/assistant-client.js';
import { RawConnection } from '../support/raw-connection.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('Talksy, flooded with connections,', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTalksy();
  });
  afterAll(() => server.close());

  const connectWithout = async (): Promise<string> => {
    const client = AssistantClient.dial(server.url, {});
    const { data } = await client.untilEvent('connect_error');
    client.close();
    return data.code;
  };
  const heapUsed = async (): Promise<number> => {
    // Two turns: what a close leaves for the next one is gone as well.
    for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const connections = (): Promise<number> =>
    new Promise((resolve) =>
      server.app.getHttpServer().getConnections((_error: unknown, count: number) => resolve(count)),
    );

  it('refuses five hundred without a token, keeps none, and is left as it was', async () => {
    await Promise.all(Array.from({ length: 500 }, connectWithout));
    const before = await heapUsed();
    const codes = await Promise.all(Array.from({ length: 500 }, connectWithout));
    expect(new Set(codes)).toEqual(new Set(['UNAUTHORIZED']));
    expect((await heapUsed()) - before).toBeLessThan(3 * 1024 * 1024);
  });

  it('ends a refused connection itself', async () => {
    const raw = new RawConnection(server.url.replace('localhost', '127.0.0.1'));
    raw.upgrade();
    await within(
      'the handshake',
      raw.until((received) => received.includes('"sid"')),
    );
    raw.frames('40');
    await within(
      'the end',
      raw.until((received) => received.includes('UNAUTHORIZED')),
    );
    await within('the end', raw.closed);
    await expect(connections()).resolves.toBeLessThan(5);
  });

  it('opens no second session for one connection', async () => {
    const { accessToken } = await register(server.url);
    const raw = new RawConnection(server.url.replace('localhost', '127.0.0.1'));
    raw.upgrade();
    await within(
      'the handshake',
      raw.until((received) => received.includes('"sid"')),
    );
    raw.frames(...Array.from({ length: 3 }, () => `40${JSON.stringify({ token: accessToken })}`));
    await within('the end', raw.closed);
    expect((raw.received.match(/SESSION_CREATED/g) ?? []).length).toBeLessThanOrEqual(1);
    expect(raw.received).toContain('This connection has its session already.');
  });

  it('lets an address have a thousand connections that prove nothing, and serves others', async () => {
    const { accessToken } = await register(server.url);
    const silent = Array.from({ length: 1000 }, () => new RawConnection(server.url.replace('localhost', '127.0.0.1')));
    for (const raw of silent) raw.upgrade();
    const greeted = silent.map((raw) => raw.until((received) => received.includes('"sid"')));
    await within('all handshakes', Promise.all(greeted), 15_000);
    const next = AssistantClient.dial(server.url, { token: accessToken });
    await next.untilEvent('connect_error');
    next.close();
    silent[0]?.socket.destroy();
    await silent[0]?.closed;
    const client = await reconnect(accessToken);
    client.close();
    for (const raw of silent) raw.socket.destroy();
  });

  /** Until the server has noticed that there is room again. */
  async function reconnect(token: string): Promise<AssistantClient> {
    for (;;) {
      const client = AssistantClient.dial(server.url, { token });
      await client.until((event) => event === 'connect_error' || event === 'SESSION_CREATED');
      if (client.session) return client;
      client.close();
    }
  }
});
