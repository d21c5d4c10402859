import { AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { RawConnection } from '../support/raw-connection.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

describe('Talksy, flooded with events,', () => {
  let server: TestApp;
  const open: { close(): void }[] = [];

  beforeAll(async () => {
    server = await startTalksy({
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_MAX_REQUESTS: '1000000',
      AUTH_RATE_LIMIT_MAX_REQUESTS: '1000',
      HTTP_RATE_LIMIT_MAX_REQUESTS: '1000',
    });
  });
  afterAll(() => server.close());
  afterEach(() => open.splice(0).forEach((client) => client.close()));

  const connect = async (): Promise<AssistantClient> => {
    const client = await AssistantClient.connect(server.url, await register(server.url));
    open.push(client);
    return client;
  };

  /** A signed-in socket that from now on reads nothing. */
  const connectDeaf = async (): Promise<RawConnection> => {
    const { accessToken } = await register(server.url);
    const raw = new RawConnection(server.url.replace('localhost', '127.0.0.1'));
    open.push({ close: () => raw.socket.destroy() });
    raw.upgrade();
    await within(
      'the handshake',
      raw.until((received) => received.includes('"sid"')),
    );
    raw.frames(`40${JSON.stringify({ token: accessToken })}`);
    await within(
      'the session',
      raw.until((received) => received.includes('SESSION_CREATED')),
    );
    raw.socket.removeAllListeners('data').pause();
    return raw;
  };

  /** Sends the frame again and again, until the server has ended the connection. */
  const flood = async (raw: RawConnection, frame: string): Promise<void> => {
    const frames = Array.from({ length: 1000 }, () => frame);
    let isOpen = true;
    const closed = raw.closed.then(() => (isOpen = false));
    while (isOpen) {
      if (!raw.frames(...frames)) {
        await Promise.race([closed, new Promise((resolve) => raw.socket.once('drain', resolve))]);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it.each(['get_session_info', 'get_history', 'user_message', 'no_such_event'])(
    'refuses %s beyond what it can hold, ends the connection, and serves others',
    async (event) => {
      const flooder = await connect();
      const witness = await connect();
      for (let i = 0; i < 5000; i++) flooder.send(event, { text: '' });
      await flooder.untilEvent('disconnect');
      const refused = flooder.of('error').filter(({ code }) => code === 'OVERLOADED');
      expect(refused[0]).toMatchObject({ message: 'Too many events at once; send fewer.', retryAfterMs: 1000 });
      expect(refused.length).toBeLessThanOrEqual(256);
      expect((await witness.stream('are you there?')).end.finishReason).toBe('stop');
    },
  );

  it('refuses some of many events at once, and goes on with the connection', async () => {
    const client = await connect();
    const asked = Array.from({ length: 300 }, () => client.ask('user_message', { text: 'hello' }));
    const acks: Payload[] = await Promise.all(asked);
    expect(acks.filter((ack) => ack.error?.code === 'OVERLOADED')).toHaveLength(300 - 256);
    expect((await client.ask('get_session_info')).ok).toBe(true);
  });

  it('answers a hundred events at once', async () => {
    const client = await connect();
    const acks: Payload[] = await Promise.all(Array.from({ length: 100 }, () => client.ask('get_session_info')));
    expect(acks.every((ack) => ack.ok)).toBe(true);
  });

  it.each([
    ['events', '42["get_session_info",{}]'],
    ['events that it does not know', '42["no_such_event"]'],
    ['requests for namespaces that do not exist', '40/nowhere,'],
  ])('ends a connection that sends %s and reads nothing', async (_name, frame) => {
    const deaf = await connectDeaf();
    const before = process.memoryUsage().rss;
    await within('the end', flood(deaf, frame), 15_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});
