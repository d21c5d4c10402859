import { io, type Socket } from 'socket.io-client';
import { within } from './within.js';

// oxlint-disable-next-line typescript/no-explicit-any -- what comes over the wire is what the tests assert
export type Payload = any;

export interface Received {
  event: string;
  payload: Payload;
}

export interface Account {
  email: string;
  accessToken: string;
  refreshToken: string;
}

let accounts = 0;

/** Registers somebody new over REST. */
export async function register(url: string): Promise<Account> {
  const email = `user-${process.pid}-${++accounts}@example.com`;
  const response = await fetch(`${url}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'correct horse battery' }),
  });
  const { data } = (await response.json()) as Payload;
  return { email, ...data };
}

/** A plain family A client that remembers everything it was sent, in order. */
export class AssistantClient {
  readonly received: Received[] = [];
  private readonly socket: Socket;
  private readonly watchers = new Set<(received: Received) => void>();

  private constructor(url: string, auth: object, transports: string[]) {
    this.socket = io(url, { auth, transports, reconnection: false, forceNew: true });
    this.socket.onAny((event: string, payload: Payload) => this.note(event, payload));
    this.socket.on('connect_error', (error) => this.note('connect_error', error));
    this.socket.on('disconnect', (reason) => this.note('disconnect', reason));
  }

  /** Connects and waits for the session. */
  static async connect(
    url: string,
    account: Account,
    auth: object = {},
    transports = ['websocket'],
  ): Promise<AssistantClient> {
    const client = AssistantClient.dial(url, { token: account.accessToken, ...auth }, transports);
    await client.until((event) => event.startsWith('SESSION_'));
    return client;
  }

  /** Connects with whatever is given, and waits for nothing. */
  static dial(url: string, auth: object, transports = ['websocket']): AssistantClient {
    return new AssistantClient(url, auth, transports);
  }

  /** The session's greeting. */
  get session(): Payload {
    return this.received.find(({ event }) => event.startsWith('SESSION_'))?.payload;
  }

  /** Resolves when the connection is a websocket, whatever it began as. */
  async untilWebSocket(): Promise<void> {
    const { engine } = this.socket.io;
    if (engine.transport.name === 'websocket') return;
    await within('the upgrade', new Promise<void>((resolve) => engine.once('upgrade', () => resolve())));
  }

  send(event: string, ...payload: unknown[]): void {
    this.socket.emit(event, ...payload);
  }

  /** Sends a Socket.IO packet as it is. */
  sendRaw(packet: string): void {
    this.socket.io.engine.write(packet);
  }

  /** Sends and waits for the ack. */
  async ask(event: string, ...payload: unknown[]): Promise<Payload> {
    return within(`the ack of ${event}`, this.socket.emitWithAck(event, ...payload));
  }

  /** The first event, of those received before or later, that `matches`. */
  async until(matches: (event: string, payload: Payload) => boolean, limitMs?: number): Promise<Payload> {
    const match = ({ event, payload }: Received) => matches(event, payload);
    const found = new Promise<Received>((resolve) => {
      const earlier = this.received.find(match);
      if (earlier) return resolve(earlier);
      // Each event is looked at once: with all of them anew, a long answer would take quadratic time.
      const look = (received: Received) => {
        if (!match(received)) return;
        this.watchers.delete(look);
        resolve(received);
      };
      this.watchers.add(look);
    });
    const seen = () => this.received.map(({ event }) => event).join(', ');
    return within('an event', found, limitMs).then(
      ({ payload }) => payload,
      (error: Error) => {
        throw new Error(`${error.message}; received: ${seen()}`);
      },
    );
  }

  untilEvent(name: string): Promise<Payload> {
    return this.until((event) => event === name);
  }

  of(name: string, runId?: string): Payload[] {
    const events = this.received.filter(({ event }) => event === name).map(({ payload }) => payload);
    return runId ? events.filter((payload) => payload.runId === runId) : events;
  }

  /** The text of a run as this client has seen it; throws where a chunk is missing or came twice. */
  textOf(runId: string, fromIndex = 0): string {
    const chunks = this.of('stream_chunk', runId);
    expect(chunks.map((chunk) => chunk.index)).toEqual(chunks.map((_, i) => fromIndex + i));
    return chunks.map((chunk) => chunk.content).join('');
  }

  /** Streams an answer to its end. */
  async stream(text: string, more: object = {}): Promise<{ start: Payload; end: Payload; text: string }> {
    const ack = await this.ask('user_message_stream', { text, ...more });
    if (!ack.ok) throw new Error(JSON.stringify(ack.error));
    const end = await this.until((event, payload) => event === 'stream_end' && payload.runId === ack.data.runId);
    return { start: ack.data, end, text: this.textOf(ack.data.runId) };
  }

  /** Leaves what comes in the kernel, as a program that hangs does. */
  pauseReading(): void {
    this.webSocket.pause();
  }

  resumeReading(): void {
    this.webSocket.resume();
  }

  /** Cuts the connection as a lost network would: without a word. */
  cut(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    this.socket.disconnect();
  }

  private get webSocket(): { pause(): void; resume(): void } {
    return (this.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
  }

  private note(event: string, payload: Payload): void {
    const received = { event, payload };
    this.received.push(received);
    for (const look of this.watchers) look(received);
  }
}
