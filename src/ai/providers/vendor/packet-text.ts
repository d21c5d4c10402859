import { StringDecoder } from 'node:string_decoder';

const ASCII = 0x80;

/** The text of a UTF-8 stream that is cut anywhere. */
export class PacketText {
  private readonly decoder = new StringDecoder('utf8');
  /** A character may be cut, and half of it wait. */
  private isCut = false;

  /** What these bytes add to the text; the rest of a character that is cut comes with the next. */
  take(bytes: Buffer, from = 0, to = bytes.length): string {
    const wasCut = this.isCut;
    this.isCut = to > from && bytes[to - 1]! >= ASCII;
    if (!wasCut && !this.isCut) return bytes.toString('utf8', from, to);
    return this.decoder.write(bytes.subarray(from, to));
  }
}
