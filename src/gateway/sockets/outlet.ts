import type { Socket } from 'socket.io';

/** An Engine.IO connection. */
export type Connection = Socket['conn'];

interface WaitingSocket {
  readyState: number;
  bufferedAmount: number;
  /** The TCP connection. */
  _socket?: { write(frame: string | Buffer, encoding: 'latin1'): unknown };
  terminate(): void;
  once(event: 'close', listener: () => void): void;
}

/** What we read of one; with polling there is no websocket. */
interface Outlet {
  readyState: string;
  writeBuffer: readonly { data?: string | Buffer }[];
  transport: { writable: boolean; perMessageDeflate?: unknown; socket?: WaitingSocket };
}

/** A WebSocket that can be written to (WHATWG WebSockets, `readyState`). */
const OPEN = 1;

const outletOf = (connection: Connection): Outlet => connection as unknown as Outlet;

/** How long the other end may take to say goodbye; a websocket would wait 30 s for it. */
const FAREWELL_MS = 2000;

/** Packets that wait because the transport takes no more. */
export const unsentPackets = (connection: Connection): number => outletOf(connection).writeBuffer.length;

/** Bytes that wait in Engine.IO, and in the websocket below it, because the kernel takes no more; almost always none. */
export function unsentBytes(connection: Connection): number {
  const { writeBuffer, transport } = outletOf(connection);
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes;
}

/**
 * Writes a whole frame to the websocket's own connection; Engine.IO would make a packet, a queue, two callbacks and four
 * events of it. A frame in a string has one character for each byte: Node encodes a short one on the stack, where a Buffer
 * is an object to make and to collect. False where it must go its usual way: it is no websocket, or something waits that
 * must go first.
 */
export function sendAtOnce(connection: Connection, frame: string | Buffer): boolean {
  const { readyState, writeBuffer, transport } = outletOf(connection);
  const { socket } = transport;
  if (readyState !== 'open' || !transport.writable || writeBuffer.length > 0 || transport.perMessageDeflate)
    return false;
  if (!socket?._socket || socket.readyState !== OPEN || socket.bufferedAmount > 0) return false;
  socket._socket.write(frame, 'latin1');
  return true;
}

/** Ends a connection whose other end does not read, with all that waits for it. To close it politely would wait, too. */
export function cutOff(connection: Connection): void {
  const { transport } = outletOf(connection);
  if (transport.socket) transport.socket.terminate();
  else connection.close(true);
}

/** Closes a connection once everything is sent, and at the latest after two seconds. */
export function end(connection: Connection): void {
  const { socket } = outletOf(connection).transport;
  connection.close();
  const timer = setTimeout(() => cutOff(connection), FAREWELL_MS).unref();
  socket?.once('close', () => clearTimeout(timer));
}
