import { AnswerBody } from './answer-body.js';
import type { ReadTick } from './read-tick.js';

const NOTHING = { paused: false, pause: () => undefined, resume: () => undefined, abort: () => undefined };

/** Ticks when told to. */
class HandTick {
  at = 0;
  private readers: (() => void)[] = [];
  follows = (readAt: number): boolean => this.at - readAt === 1;
  enter = (_readAt: number, go: () => void): void => void this.readers.push(go);

  tick(): void {
    this.at++;
    const readers = this.readers;
    this.readers = [];
    for (const go of readers) go();
  }
}

/** A connection that has what `come` brings, and gives it when looked at, or at once where it is watched. */
class FakeLine {
  isWatched = true;
  looks = 0;
  body!: AnswerBody;
  private waiting = '';

  constructor(private readonly canBeLeft = true) {}

  come(text: string): void {
    this.waiting += text;
    if (this.isWatched) this.arrive();
  }

  unwatch(): boolean {
    if (this.canBeLeft) this.isWatched = false;
    return this.canBeLeft;
  }

  watch(): void {
    this.isWatched = true;
    this.arrive();
  }

  poll(): void {
    this.looks++;
    this.arrive();
  }

  private arrive(): void {
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    if (bytes.length > 0) this.body.arrive(bytes, 0, bytes.length);
  }
}

describe('The body of an answer that is read at ticks', () => {
  function opened(line = new FakeLine()) {
    const tick = new HandTick();
    const body = new AnswerBody(NOTHING, line);
    line.body = body;
    const heard: (string | undefined)[] = [];
    const read = (): void =>
      body.read(tick as unknown as ReadTick, (text) => {
        heard.push(text);
        if (text !== undefined) read();
      });
    read();
    /** One tick for each text; an empty one brings nothing. */
    const play = (...texts: string[]): void => {
      for (const text of texts) {
        line.come(text);
        tick.tick();
      }
    };
    return { body, line, tick, heard, play };
  }

  it('is looked at instead of watched once every tick brings something', () => {
    const { line, heard, play } = opened();
    play('1', '2', '3');
    expect(line).toMatchObject({ isWatched: true, looks: 0 });
    play('4');
    expect(line.isWatched).toBe(false);
    play('5', '6');
    expect(line).toMatchObject({ isWatched: false, looks: 2 });
    expect(heard).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('is watched again when looks are in vain, and nothing is lost by it', () => {
    const { line, heard, play } = opened();
    play('1', '2', '3', '4', '', '', '5', '', '');
    expect(line.isWatched).toBe(false);
    play('');
    expect(line.isWatched).toBe(true);
    play('6', '', '', '', '7');
    expect(heard).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(line.isWatched).toBe(true);
  });

  it('stays watched where something comes only now and then', () => {
    const { line, play } = opened();
    for (let n = 0; n < 10; n++) play('x', '', '');
    expect(line).toMatchObject({ isWatched: true, looks: 0 });
  });

  it('stays watched where its connection has no other way', () => {
    const { line, heard, play } = opened(new FakeLine(false));
    play('1', '2', '3', '4', '5', '6');
    expect(line).toMatchObject({ isWatched: true, looks: 0 });
    expect(heard).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it.each([
    ['it has ended', (body: AnswerBody) => body.end()],
    ['it broke', (body: AnswerBody) => body.end(new Error('cut'))],
    ['nobody reads it any more', (body: AnswerBody) => body.leave()],
  ])('leaves its connection watched when %s', (_why, happen) => {
    const { body, line, tick, play } = opened();
    play('1', '2', '3', '4', '5');
    expect(line.isWatched).toBe(false);
    happen(body);
    expect(line.isWatched).toBe(true);
    const { looks } = line;
    tick.tick();
    expect(line.looks).toBe(looks);
  });
});
