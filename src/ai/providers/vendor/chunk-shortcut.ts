/** Who is given the bytes of one body, `from` to `to` of a buffer that is only theirs while they are called. */
export interface ChunkTaker {
  readonly paused: boolean;
  arrive(bytes: Buffer, from: number, to: number): void;
}

const RETURN = 13;
const NEWLINE = 10;
/** Digits of the largest chunk that is taken: seven are 256 MiB. */
const MAX_DIGITS = 7;
const HEAD_END = '\r\n\r\n';

/**
 * The way of a body's chunks past the HTTP parser, which takes as long for one as reading it from the system does. While
 * the parser stands between two chunks (RFC 9112, 7.1), whole chunks go to the taker; all else goes to the parser: heads,
 * parts of chunks, extensions, and the last chunk, which ends the answer. So it never learns of the chunks that it was
 * spared, and needs not.
 */
export class ChunkShortcut {
  private taker: ChunkTaker | undefined;
  /** The parser stands between two chunks. */
  private isAligned = false;
  private hasHead = false;
  /** What the parser reads now, and how far its chunks have come out of it. */
  private packet: Buffer | undefined;
  private parsedTo = 0;

  /** @param parse gives a packet to the parser, which may keep it, and read it now or later. */
  constructor(private readonly parse: (packet: Buffer) => void) {}

  /** The parser has read the head of a chunked body. What it reads of the body must be told to `parsed`. */
  begin(taker: ChunkTaker): void {
    this.taker = taker;
    this.isAligned = false;
    this.hasHead = true;
  }

  /** The body is over, or nobody's. */
  end(): void {
    this.taker = undefined;
  }

  /** The parser gave this part of the body. */
  parsed({ buffer, byteOffset, length }: Buffer): void {
    this.parsedTo = buffer === this.packet?.buffer ? byteOffset + length - this.packet.byteOffset : 0;
  }

  /** So many bytes have come; the buffer may be used again afterwards. */
  take(bytes: Buffer, length: number): void {
    const from = this.taker && this.isAligned ? passWhole(bytes, length, this.taker) : 0;
    if (from < length) this.handOver(Buffer.from(bytes.subarray(from, length)));
  }

  private handOver(packet: Buffer): void {
    this.packet = packet;
    this.parsedTo = 0;
    this.hasHead = false;
    this.parse(packet);
    this.packet = undefined;
    this.isAligned = this.taker?.paused === false && this.endsBetween(packet);
  }

  /** Whether the parser has read it all, and stands behind a chunk's line end or behind the head. */
  private endsBetween(packet: Buffer): boolean {
    if (this.parsedTo > 0) return this.parsedTo + 2 === packet.length;
    return this.hasHead && packet.toString('latin1', packet.length - HEAD_END.length) === HEAD_END;
  }
}

/** Gives whole chunks away; where the first begins that is none. */
function passWhole(bytes: Buffer, length: number, taker: ChunkTaker): number {
  let at = 0;
  while (at < length && !taker.paused) {
    const from = dataStart(bytes, at);
    const to = from + sizeAt(bytes, at, from - 2);
    if (to <= from || to + 2 > length || bytes[to] !== RETURN || bytes[to + 1] !== NEWLINE) return at;
    taker.arrive(bytes, from, to);
    at = to + 2;
  }
  return at;
}

/** Where the data of the chunk at `at` begins, behind a line of nothing but hexadecimal digits; else `at`. */
function dataStart(bytes: Buffer, at: number): number {
  let end = at;
  while (end - at < MAX_DIGITS && digitOf(bytes[end]) >= 0) end++;
  return end > at && bytes[end] === RETURN && bytes[end + 1] === NEWLINE ? end + 2 : at;
}

function sizeAt(bytes: Buffer, from: number, to: number): number {
  let size = 0;
  for (let at = from; at < to; at++) size = size * 16 + digitOf(bytes[at]);
  return size;
}

function digitOf(byte = 0): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
