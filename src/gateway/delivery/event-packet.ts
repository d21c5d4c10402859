/** FIN and the opcode of text (RFC 6455, 5.2). */
const TEXT_FRAME = 0x81;
/** Engine.IO's packet type 4, `message` (Engine.IO protocol, revision 4). */
const MESSAGE = 0x34;

/** What Engine.IO takes with a packet; it sends the frame as it is, where the transport is a WebSocket. */
interface FrameOptions {
  compress: boolean;
  wsPreEncodedFrame: Buffer[];
}

/**
 * A Socket.IO packet, encoded once for all who get it: as text, and as the whole frame of a WebSocket, so that each
 * connection is one write of one buffer.
 */
export class EventPacket {
  private encoded: FrameOptions | undefined;

  /** @param text type, and JSON of event and payload. */
  constructor(readonly text: string) {}

  get options(): FrameOptions {
    return (this.encoded ??= { compress: false, wsPreEncodedFrame: [frameOf(this.text)] });
  }
}

/** Type 2 (EVENT) on the default namespace (Socket.IO protocol, revision 5). */
export const encodeEvent = (event: string, payload: object): EventPacket =>
  new EventPacket(`2${JSON.stringify([event, payload])}`);

/** An unmasked frame, as servers send it (RFC 6455, 5.2), of a message with this text. */
function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text) + 1;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = TEXT_FRAME;
  frame[1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(length, 2);
  else if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame[head] = MESSAGE;
  frame.write(text, head + 1, 'utf8');
  return frame;
}
