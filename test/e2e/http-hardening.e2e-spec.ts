import type { Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { register } from '../support/assistant-client.js';
import { RawConnection } from '../support/raw-connection.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

const BODY_LIMIT = 16_384;

describe('Talksy, facing clients that misbehave over HTTP,', () => {
  let server: TestApp;
  let http: Server;
  const open: RawConnection[] = [];
  const dial = (): RawConnection => {
    const connection = new RawConnection(server.url.replace('localhost', '127.0.0.1'));
    open.push(connection);
    return connection;
  };
  /** More than the limit, and no end yet. */
  const beginChunks = (connection: RawConnection): void => {
    connection.send('POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    connection.send('Transfer-Encoding: chunked\r\n\r\n');
    for (let i = 0; i < 2; i++) connection.send(`2800\r\n${' '.repeat(0x2800)}\r\n`);
  };
  const stillAnswers = async (): Promise<void> => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  };

  beforeAll(async () => {
    server = await startTalksy({ BODY_LIMIT_BYTES: String(BODY_LIMIT), MESSAGE_MAX_BYTES: '1000' });
    http = server.app.getHttpServer() as Server;
  });
  afterAll(() => server.close());
  afterEach(() => {
    for (const { socket } of open.splice(0)) socket.destroy();
  });

  describe('with little patience,', () => {
    let patience: [number, number];
    beforeAll(() => {
      patience = [http.headersTimeout, http.requestTimeout];
      [http.headersTimeout, http.requestTimeout] = [100, 200];
    });
    afterAll(() => {
      [http.headersTimeout, http.requestTimeout] = patience;
    });

    it('ends a connection that says nothing', async () => {
      await within('the end', dial().closed);
      await stillAnswers();
    });

    it('ends a connection that never ends its headers', async () => {
      const connection = dial();
      connection.send('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: 1\r\n');
      await within('the end', connection.closed);
      expect(connection.received).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('ends a connection that sends half a body', async () => {
      const connection = dial();
      connection.send('POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
      connection.send('Content-Length: 100\r\n\r\n{"email":');
      await within('the end', connection.closed);
      expect(connection.received).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('ends a connection that sends a body without an end', async () => {
      const connection = dial();
      beginChunks(connection);
      await within('the end', connection.closed);
      await stillAnswers();
    });

    it('ends five hundred connections that say nothing, and answers others meanwhile', async () => {
      const silent = Array.from({ length: 500 }, dial);
      await stillAnswers();
      await within('their end', Promise.all(silent.map(({ closed }) => closed)), 10_000);
      await stillAnswers();
    });
  });

  it('looks every second for those who take too long', () => {
    expect(http).toMatchObject({ headersTimeout: 15_000, requestTimeout: 60_000, connectionsCheckingInterval: 1000 });
  });

  it('refuses headers of more than 16 kB', async () => {
    const connection = dial();
    connection.request('/health', [`X-Huge: ${'x'.repeat(20_000)}`]);
    await within('the end', connection.closed);
    expect(connection.received).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('refuses what is no HTTP, and names no product while doing so', async () => {
    const connection = dial();
    connection.send('\x16\x03\x01 this is no HTTP\r\n\r\n');
    await within('the end', connection.closed);
    expect(connection.received).toMatch(/^HTTP\/1\.1 400 /);
    expect(connection.received).not.toMatch(/server:|powered|node|express|nest/i);
  });

  it.each([
    ['Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
    ['Content-Length: 5\r\nContent-Length: 6', '{}'],
    ['Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
  ])('refuses a body with two lengths: %j', async (headers, body) => {
    const connection = dial();
    connection.send(`POST /auth/login HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`);
    await within('the end', connection.closed);
    expect(connection.received).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('refuses a body of unknown length that turns out too large', async () => {
    const connection = dial();
    beginChunks(connection);
    connection.send('0\r\n\r\n');
    await within(
      'the refusal',
      connection.until((received) => received.startsWith('HTTP/1.1 413 ')),
    );
  });

  it('refuses a small body that unpacks to a large one', async () => {
    const body = gzipSync(JSON.stringify({ email: 'x'.repeat(100 * BODY_LIMIT) }));
    expect(body.length).toBeLessThan(BODY_LIMIT);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await fetch(`${server.url}/auth/login`, { method: 'POST', headers, body });
    expect(answer.status).toBe(413);
  });

  it.each(['/', '/v2', '/socket.io', '/health'])('refuses to become a websocket at %s', async (path) => {
    const connection = dial();
    connection.upgrade(path);
    await within('the end', connection.closed);
    expect(connection.received).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('answers who would like to speak HTTP/2 in HTTP/1.1, or not at all', async () => {
    const connection = dial();
    const wish = [
      'Connection: Upgrade, HTTP2-Settings, close',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    ];
    connection.request('/health', wish);
    await within('the end', connection.closed);
    expect(connection.received).toMatch(/^HTTP\/1\.1 (200|404) /);
  });

  it('sends its security headers with every answer, also of polling', async () => {
    const answers = await Promise.all(
      ['/health', '/nowhere', '/auth/me'].map(async (path) => (await fetch(server.url + path)).headers),
    );
    for (const headers of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringMatching(/^max-age=/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
      });
    }
    const polling = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    expect(polling.status).toBe(200);
    expect([polling.headers.get('x-content-type-options'), polling.headers.get('cache-control')]).toEqual([
      'nosniff',
      'no-store',
    ]);
  });

  it('names no framework anywhere', async () => {
    const answers = await Promise.all(['/', '/nowhere', '/socket.io/?EIO=9'].map((path) => fetch(server.url + path)));
    for (const { headers } of answers)
      expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
  });

  it('lets the request of a signed-in user through all of this', async () => {
    const { accessToken } = await register(server.url);
    const answer = await fetch(`${server.url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(answer.status).toBe(200);
  });
});
