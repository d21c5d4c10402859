import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A TCP connection that speaks no protocol of its own accord: for clients that misbehave. */
export class RawConnection {
  /** What the server said so far. */
  received = '';
  readonly closed: Promise<void>;
  readonly socket: Socket;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (data) => (this.received += data.toString('latin1')));
    // A reset is one of the ways in which a server may end a connection.
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** A request without a body, whole. */
  request(path: string, headers: readonly string[] = []): void {
    this.send(['GET ' + path + ' HTTP/1.1', 'Host: localhost', ...headers, '', ''].join('\r\n'));
  }

  /** Becomes a websocket of Socket.IO, without waiting for anything. */
  upgrade(path = '/socket.io/?EIO=4&transport=websocket', headers: readonly string[] = []): void {
    const key = randomBytes(16).toString('base64');
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    this.request(path, [...upgrade, `Sec-WebSocket-Key: ${key}`, ...headers]);
  }

  /** Text frames, as a client sends them: masked, here with zeros. Returns false while the server takes no more. */
  frames(...texts: string[]): boolean {
    return this.socket.write(Buffer.concat(texts.map(frame)));
  }

  async until(matches: (received: string) => boolean): Promise<void> {
    while (!matches(this.received)) await new Promise((resolve) => this.socket.once('data', resolve));
  }
}

function frame(text: string): Buffer {
  const data = Buffer.from(text);
  const length = data.length < 126 ? [0x80 | data.length] : [0x80 | 126, data.length >> 8, data.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), data]);
}
