import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turnEnd } from 'node:timers/promises';
import { RawConnection } from '../../../test/support/raw-connection.js';
import { within } from '../../../test/support/within.js';
import { writeWhole } from './whole-chunk.js';

const LARGE = 'x'.repeat(20_000);

describe('Text that is written as a whole chunk', () => {
  let server: Server;
  let answer: (response: ServerResponse) => Promise<void> | void;

  beforeEach(async () => {
    server = createServer((_request, response) => void answer(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asked = async (): Promise<string> => within('the answer', (await fetch(url())).text());

  it.each([['ASCII'], ['größer, 漢字 and 👩‍🚀'], [`${'ä'.repeat(9000)}`], [LARGE]])(
    'keeps its order among all that is written, whoever writes it',
    async (text) => {
      let shortcuts = 0;
      answer = async (response) => {
        response.flushHeaders();
        for (let n = 0; n < 100; n++) {
          const line = `${n} ${text}\n`;
          if (n % 7 !== 0 && writeWhole(response, line)) shortcuts++;
          else response.write(line);
          if (n % 3 === 0) await turnEnd();
        }
        response.end('the end');
      };
      const expected = Array.from({ length: 100 }, (_, n) => `${n} ${text}\n`).join('');
      expect(await asked()).toBe(`${expected}the end`);
      expect(shortcuts > 0).toBe(text.length < 9000);
    },
  );

  it('is one piece, however many it is of', async () => {
    const pieces: string[] = [];
    answer = (response) => {
      response.flushHeaders();
      const { socket } = response;
      const write = socket!.write.bind(socket!) as (piece: string, encoding: BufferEncoding) => boolean;
      socket!.write = (piece: unknown, encoding?: unknown) => {
        pieces.push(String(piece));
        return write(String(piece), encoding as BufferEncoding);
      };
      expect(writeWhole(response, 'data: 1\n\n')).toBe(true);
      response.end();
    };
    expect(await asked()).toBe('data: 1\n\n');
    expect(pieces[0]).toBe('9\r\ndata: 1\n\n\r\n');
  });

  it('is left to Node where the head is not out, nothing is to be said, or the answer has ended', async () => {
    const refused: boolean[] = [];
    answer = (response) => {
      refused.push(writeWhole(response, 'too early'));
      response.flushHeaders();
      refused.push(writeWhole(response, ''));
      response.end('whole');
      refused.push(writeWhole(response, 'too late'));
    };
    expect(await asked()).toBe('whole');
    expect(refused).toEqual([false, false, false]);
  });

  it('is left to Node for a client that knows no chunks, and for one that gets a length', async () => {
    answer = (response) => {
      if (response.req.url === '/length') response.setHeader('content-length', 3);
      response.flushHeaders();
      if (!writeWhole(response, 'abc')) response.end('abc');
    };
    const old = new RawConnection(url());
    old.send('GET / HTTP/1.0\r\n\r\n');
    await within('the old client', old.closed);
    expect(old.received).toMatch(/\r\n\r\nabc$/);
    expect(await within('the answer', (await fetch(`${url()}/length`)).text())).toBe('abc');
  });

  it('waits for the answer before it on the same connection', async () => {
    const first = Promise.withResolvers<ServerResponse>();
    const second = Promise.withResolvers<void>();
    answer = async (response) => {
      response.flushHeaders();
      if (response.req.url === '/1') return first.resolve(response);
      if (!writeWhole(response, 'second')) response.write('second');
      response.end();
      second.resolve();
    };
    const client = new RawConnection(url());
    client.request('/1');
    client.request('/2', ['Connection: close']);
    await within('the second answer', second.promise);
    const response = await within('the first', first.promise);
    expect(writeWhole(response, 'first')).toBe(true);
    response.end();
    await within('the end', client.closed);
    expect(client.received).toMatch(/5\r\nfirst\r\n0\r\n\r\nHTTP[\s\S]*6\r\nsecond\r\n0\r\n\r\n$/);
  });
});
