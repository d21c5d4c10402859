import type { Socket } from 'socket.io';

/** An Engine.IO connection. */
export type Connection = Socket['conn'];

interface WaitingSocket {
  bufferedAmount: number;
  terminate(): void;
  once(event: 'close', listener: () => void): void;
}

/** What we read of one; with polling there is no websocket. */
interface Outlet {
  writeBuffer: readonly { data?: string | Buffer }[];
  transport: { socket?: WaitingSocket };
}

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
