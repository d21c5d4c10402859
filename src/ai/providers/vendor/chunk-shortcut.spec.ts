import { ChunkShortcut, type ChunkTaker } from './chunk-shortcut.js';

const HEAD = 'HTTP/1.1 200 OK\r\n\r\n';

/** A connection whose parser finds heads and chunks by their looks: `head`, or data between two line ends. */
class Connection implements ChunkTaker {
  paused = false;
  /** What went past the parser, and what it read. */
  readonly spared: string[] = [];
  readonly read: string[] = [];
  isBusy = false;
  /** Whoever is given more must wait. */
  isFull = false;
  readonly shortcut = new ChunkShortcut((packet) => this.parse(packet));

  arrive(bytes: Buffer, from: number, to: number): void {
    this.spared.push(bytes.toString('utf8', from, to));
  }

  take(text: string): void {
    // As a buffer that is used again has it, the packet is followed by what came before.
    const buffer = Buffer.from(`${text}5\r\nstale\r\n`);
    this.shortcut.take(buffer, Buffer.byteLength(text));
    buffer.fill(0);
  }

  private parse(packet: Buffer): void {
    const text = packet.toString();
    this.read.push(text);
    if (this.isBusy) return;
    if (text.startsWith('HTTP/')) this.shortcut.begin(this);
    const data = /[a-z]{2,}(?=(\r\n)?$)/.exec(text);
    if (data && this.isFull) this.paused = true;
    if (data) this.shortcut.parsed(packet.subarray(data.index, data.index + data[0].length));
  }
}

function answering(...packets: string[]): Connection {
  const connection = new Connection();
  for (const packet of packets) connection.take(packet);
  return connection;
}

describe('The shortcut of chunks', () => {
  it('takes whole chunks behind the head, and leaves the last one to the parser', () => {
    const { spared, read } = answering(HEAD, '5\r\nhello\r\n', '3\r\nyou\r\nA\r\nxxxxxyyyyy\r\n', '0\r\n\r\n');
    expect(spared).toEqual(['hello', 'you', 'xxxxxyyyyy']);
    expect(read).toEqual([HEAD, '0\r\n\r\n']);
  });

  it('takes none before it knows where the parser stands', () => {
    expect(answering('5\r\nhello\r\n').spared).toEqual([]);
    expect(answering(`${HEAD}5\r\nhel`, 'lo\r\n', '3\r\nyou\r\n').spared).toEqual(['you']);
    expect(answering(`${HEAD}5\r\nhello\r\n`, '3\r\nyou\r\n').spared).toEqual(['you']);
    expect(answering(`${HEAD}5\r\n`, '3\r\nyou\r\n').spared).toEqual([]);
    expect(answering(`${HEAD}9\r\n`, '\r\n\r\n', '3\r\nyou\r\n').spared).toEqual([]);
  });

  it.each([
    '5',
    '5\r',
    '5\r\n',
    '5\r\nhell',
    '5\r\nhello',
    '5\r\nhello\r',
    '5;a\r\nhello\r\n',
    '4\r\nhello\r\n',
    '\r\n\r\n',
  ])('leaves to the parser what is no whole chunk: %j', (packet) => {
    const { spared, read } = answering(HEAD, `3\r\nyou\r\n${packet}`);
    expect(spared).toEqual(['you']);
    expect(read.at(-1)).toBe(packet);
  });

  it('leaves a chunk without end to the parser', () => {
    expect(answering(HEAD, `${'f'.repeat(300)}\r\n`).spared).toEqual([]);
    expect(answering(HEAD, `00000005\r\nhello\r\n`).spared).toEqual([]);
  });

  it('takes nothing past a parser that is behind', () => {
    const connection = answering(HEAD);
    connection.isBusy = true;
    connection.take('0;');
    connection.isBusy = false;
    connection.take('5\r\nhello\r\n');
    expect(connection.spared).toEqual([]);
    connection.take('3\r\nyou\r\n');
    expect(connection.spared).toEqual(['you']);
  });

  it('takes nothing past a parser that stopped for the reader', () => {
    const connection = answering(HEAD, '5\r\nhel');
    connection.isFull = true;
    connection.take('lo\r\n');
    connection.paused = false;
    connection.take('3\r\nyou\r\n');
    expect(connection.spared).toEqual([]);
  });

  it('takes nothing for a reader who must wait, nor behind the end', () => {
    const connection = answering(HEAD);
    connection.paused = true;
    connection.take('5\r\nhello\r\n');
    expect(connection.spared).toEqual([]);
    connection.paused = false;
    connection.shortcut.end();
    connection.take('5\r\nhello\r\n');
    expect(connection.spared).toEqual([]);
  });
});
