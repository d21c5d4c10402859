import { jest } from '@jest/globals';
import { setImmediate as turnEnd } from 'node:timers/promises';
import { randomFrom } from '../../../../test/support/repeatable-random.js';
import { RawUpstream } from '../../../../test/support/raw-upstream.js';
import { within } from '../../../../test/support/within.js';
import type { AnswerBody } from './answer-body.js';
import { PlainConnection } from './plain-connection.js';
import type { ReadTick } from './read-tick.js';
import { AnsweredResponse, openVendorFetch, type VendorFetch } from './vendor-fetch.js';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
/** Some look like chunks. */
const LIKE = '5\r\nhello\r\n';
const TEXTS = [
  LIKE,
  LIKE + LIKE,
  'data: {"a":"b"}\n\n',
  'größer 世界 🙂\n\n',
  '\r\n',
  '0\r\n\r\n',
  '1a\r\n',
  'x',
  'a\r\n\r\n',
  'y'.repeat(300),
];
const ROUNDS = 150;
const MEBIBYTE = 1024 * 1024;

/** One body in chunks of any size, and the lines that surround them, as a server may write them. */
function randomBody(random: () => number): { text: string; wire: string } {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const texts = Array.from(
    { length: 1 + Math.floor(random() * 12) },
    () => pick(TEXTS) + (random() < 0.3 ? pick(TEXTS) : ''),
  );
  const chunks = texts.map((text) => {
    const size = Buffer.byteLength(text).toString(16);
    const written = pick([size, size, size.toUpperCase(), `00${size}`, `${size};name=value`]);
    return `${written}\r\n${text}\r\n`;
  });
  return { text: texts.join(''), wire: chunks.join('') + pick(['0\r\n\r\n', '0\r\nx-trailer: 1\r\n\r\n']) };
}

/** Cut in the ways that packets are: each chunk by itself, all together, or anywhere. */
function cut(wire: string, random: () => number): Buffer[] {
  const bytes = Buffer.from(wire);
  const kind = random();
  if (kind < 0.1) return [bytes];
  if (kind < 0.3) return wire.split(/(?<=\n\n\r\n|\r\n\r\n)/).map((part) => Buffer.from(part));
  if (kind < 0.5) return wire.split(/(?=5\r\nhello)/).map((part) => Buffer.from(part));
  const longest = kind < 0.7 ? 3 : 200;
  const packets: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += packets.at(-1)!.length) {
    packets.push(bytes.subarray(at, at + 1 + Math.floor(random() * longest)));
  }
  return packets;
}

/** Ticks at each turn of the event loop, which is not much slower than the packets come. */
class TurnTick {
  at = 0;
  private readers: (() => void)[] = [];

  follows(): boolean {
    return true;
  }

  enter(_readAt: number, go: () => void): void {
    if (this.readers.push(go) === 1) setImmediate(() => this.tick());
  }

  private tick(): void {
    this.at++;
    const readers = this.readers;
    this.readers = [];
    for (const go of readers) go();
  }
}

const turnTick = new TurnTick() as unknown as ReadTick;

/** All of the answer's text. */
function textOf(body: AnswerBody, tick?: ReadTick): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let whole = '';
  const read = (): void =>
    body.read(tick, (text, broken) => {
      if (broken) return reject(broken);
      if (text === undefined) return resolve(whole);
      whole += text;
      read();
    });
  read();
  return promise;
}

async function pauseOf(body: AnswerBody): Promise<void> {
  while (!body.paused) await turnEnd();
}

describe('The way of a vendor’s answer', () => {
  let upstream: RawUpstream;
  let fetch: VendorFetch;

  beforeAll(async () => {
    upstream = await RawUpstream.start();
    fetch = await openVendorFetch(5000);
  });
  afterAll(() => upstream.stop());

  async function ask(signal?: AbortSignal): Promise<AnswerBody> {
    const response = await fetch(upstream.url, { method: 'POST', body: '{}', ...(signal && { signal }) });
    if (!(response instanceof AnsweredResponse)) throw new Error(`no answer: ${response.status}`);
    return response.answer;
  }

  it.each([
    ['as it comes', undefined],
    ['at ticks', turnTick],
  ])(
    'brings every body whole, however its chunks are written and cut, on one connection, %s',
    async (_pace, tick) => {
      const before = upstream.connections;
      const polls = jest.spyOn(PlainConnection.prototype, 'poll');
      for (let seed = 1; seed <= ROUNDS; seed++) {
        const random = randomFrom(seed);
        const { text, wire } = randomBody(random);
        upstream.answer(cut(HEAD + wire, random));
        expect({ seed, text: await within(`answer ${seed}`, textOf(await ask(), tick)) }).toEqual({ seed, text });
        // Only behind the turn in which an answer ended is its connection free for the next.
        await turnEnd();
        await turnEnd();
      }
      // The first of these tests makes it.
      expect(upstream.connections - before).toBeLessThanOrEqual(1);
      expect(polls.mock.calls.length > ROUNDS).toBe(tick !== undefined);
      polls.mockRestore();
    },
    60_000,
  );

  it.each([
    ['a body of a known length', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'],
    ['a body behind hints', `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${HEAD}5\r\nhello\r\n0\r\n\r\n`],
  ])('brings %s', async (_name, wire) => {
    upstream.answer([Buffer.from(wire)]);
    expect(await textOf(await ask())).toBe('hello');
  });

  it('waits for a reader who is slow, and loses nothing', async () => {
    const chunk = Buffer.from(`${(1024).toString(16)}\r\n${'x'.repeat(1024)}\r\n`);
    const packets = [Buffer.from(HEAD), ...Array.from({ length: 1024 }, () => chunk), Buffer.from('0\r\n\r\n')];
    upstream.answer(packets);
    const body = await ask();
    await within('the pause', pauseOf(body));
    expect(await within('the rest', textOf(body))).toHaveLength(MEBIBYTE);
  });

  it.each([
    ['a size that is none', 'zz\r\nhello\r\n'],
    ['a chunk longer than it says', '3\r\nhello\r\n'],
    ['a chunk shorter than it says', '6\r\nhello\r\n5\r\nhello\r\n'],
  ])('breaks at %s', async (_fault, wire) => {
    const plain = Array.from({ length: 20 }, () => '5\r\nhello\r\n');
    for (const tick of [undefined, turnTick]) {
      upstream.answer([HEAD, ...plain, wire].map((part) => Buffer.from(part)));
      const text = textOf(await ask(), tick);
      await expect(within('the failure', text)).rejects.toThrow('does not match the HTTP/1.1 protocol');
    }
  });

  it('breaks where the connection does, also where nobody watches it', async () => {
    const plain = Array.from({ length: 20 }, () => Buffer.from('5\r\nhello\r\n'));
    for (const tick of [undefined, turnTick]) {
      upstream.answer([Buffer.from(HEAD), ...plain], { hangsUp: true });
      await expect(within('the failure', textOf(await ask(), tick))).rejects.toThrow(/closed|socket/);
    }
  });

  it('hears of what comes after a long silence', async () => {
    const plain = Array.from({ length: 20 }, () => Buffer.from('5\r\nhello\r\n'));
    const silence = Array.from({ length: 50 }, () => Buffer.alloc(0));
    upstream.answer([Buffer.from(HEAD), ...plain, ...silence, Buffer.from('3\r\nend\r\n0\r\n\r\n')]);
    expect(await within('the answer', textOf(await ask(), turnTick))).toBe(`${'hello'.repeat(20)}end`);
  });
});
