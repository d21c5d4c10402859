/** FIN and the opcode of text (RFC 6455, 5.2). */
const TEXT_FRAME = 0x81;
/** Engine.IO's packet type of a message (Engine.IO protocol, revision 4). */
const MESSAGE = '4';

/** What Engine.IO takes with a packet; it sends the frame as it is, where the transport is a WebSocket. */
interface FrameOptions {
  compress: boolean;
  wsPreEncodedFrame: Buffer[];
}

/**
 * A Socket.IO packet, encoded once for all who get it: as text, and as the whole frame of a WebSocket, so that each
 * connection is one write of one piece.
 */
export class EventPacket {
  private encoded: string | Buffer | undefined;

  /** @param text type, and JSON of event and payload. */
  constructor(readonly text: string) {}

  /** The frame; in a string, with one character for each byte, where the text is all ASCII. */
  get frame(): string | Buffer {
    return (this.encoded ??= frameOf(MESSAGE + this.text));
  }

  get options(): FrameOptions {
    const { frame } = this;
    return { compress: false, wsPreEncodedFrame: [typeof frame === 'string' ? Buffer.from(frame, 'latin1') : frame] };
  }
}

/** Type 2 (EVENT) on the default namespace (Socket.IO protocol, revision 5). */
export const encodeEvent = (event: string, payload: object): EventPacket =>
  new EventPacket(`2${JSON.stringify([event, payload])}`);

/** An unmasked frame, as servers send it (RFC 6455, 5.2), of a message with this text. */
function frameOf(text: string): string | Buffer {
  const bytes = Buffer.byteLength(text);
  const head = headOf(bytes);
  if (bytes === text.length) return head + text;
  const frame = Buffer.allocUnsafe(head.length + bytes);
  frame.write(head, 'latin1');
  frame.write(text, head.length, 'utf8');
  return frame;
}

/** What stands before so many bytes, with one character for each of its own. */
function headOf(bytes: number): string {
  if (bytes < 126) return String.fromCharCode(TEXT_FRAME, bytes);
  const size = Buffer.alloc(bytes < 65_536 ? 2 : 8);
  size.writeUIntBE(bytes, Math.max(0, size.length - 6), Math.min(size.length, 6));
  return String.fromCharCode(TEXT_FRAME, size.length === 2 ? 126 : 127) + size.toString('latin1');
}
