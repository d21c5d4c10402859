import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { WireError } from '../../src/client/wire.js';
import { FakeRun } from './fake-run.js';

type AckOf = (answer: object) => void;
type Handler = (payload: never, ack: AckOf) => void;

/** A scripted Talksy server on real HTTP and Socket.IO, for tests of clients. The test plays the model. */
export class FakeTalksyServer {
  readonly accounts = new Map<string, string>();
  readonly runs: FakeRun[] = [];
  /** Every request of a client, in order: REST paths and socket events with what came along. */
  readonly received: [name: string, payload: Record<string, unknown>][] = [];
  /** What the next connections, requests or REST calls of this name are refused with. */
  readonly refusals = new Map<string, WireError[]>();
  /** Events that get neither ack nor effect, once each. */
  readonly ignored = new Set<string>();
  /** Where set, answers every message at once with these chunks. */
  answer: ((text: string) => string[]) | undefined;
  expiresIn = 900;
  opensSessions = true;
  private issued = 0;
  private readonly sessions = new Set<string>();
  private readonly http: HttpServer = createServer((request, response) => void this.onRest(request, response));
  /** A patience that outlasts the minutes that tests let pass for the client alone. */
  private readonly io = new Server(this.http, { pingTimeout: 600_000 });

  constructor() {
    this.io.use((socket, next) => {
      const { token, sessionId } = socket.handshake.auth as { token?: string; sessionId?: string };
      this.received.push(['connect', { token, sessionId }]);
      const refusal = this.refusals.get('connect')?.shift();
      next(refusal && Object.assign(new Error(refusal.message), { data: refusal }));
    });
    this.io.on('connection', (socket) => this.onConnection(socket));
  }

  async start(port = 0): Promise<this> {
    this.http.listen(port, '127.0.0.1');
    await once(this.http, 'listening');
    return this;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    await this.io.close();
  }

  /** Cuts every connection without a word. */
  dropConnections(): void {
    for (const socket of this.io.sockets.sockets.values()) socket.conn.close();
  }

  /** Closes every socket the polite way. */
  disconnectSockets(): void {
    this.io.disconnectSockets();
  }

  emit(event: string, payload: object = {}): void {
    this.io.emit(event, payload);
  }

  requests(name: string): Record<string, unknown>[] {
    return this.received.filter(([received]) => received === name).map(([, payload]) => payload);
  }

  refuse(name: string, ...errors: WireError[]): void {
    this.refusals.set(name, errors);
  }

  /** Resolves with the n-th run, the first being 0, once it has begun. */
  async run(n = 0): Promise<FakeRun> {
    await until(() => this.runs.length > n);
    return this.runs[n]!;
  }

  private onConnection(socket: Socket): void {
    const { sessionId } = socket.handshake.auth as { sessionId?: string };
    const restored = sessionId !== undefined && this.sessions.has(sessionId);
    const id = restored ? sessionId : `session-${this.sessions.size + 1}`;
    this.sessions.add(id);
    const on = (event: string, handler: Handler): void => {
      socket.on(event, this.guarded(event, socket, handler) as (...received: unknown[]) => void);
    };
    on('user_message_stream', (message: { text: string; messageId: string }, ack) => this.begin(socket, message, ack));
    on('resume_stream', ({ runId, afterSeq }: { runId: string; afterSeq: number }, ack) => {
      ack({ ok: true, data: { runId, fromSeq: afterSeq + 1 } });
      this.runs.find((run) => run.id === runId)?.follow(socket, afterSeq);
    });
    on('stop_stream', (_payload, ack) => {
      const run = this.runs.at(-1)!;
      ack({ ok: true, data: { runId: run.id, status: 'cancelled' } });
      run.end({ finishReason: 'cancelled' });
    });
    on('get_history', (_payload, ack) => ack({ ok: true, data: this.runs.flatMap((run) => run.messages()) }));
    for (const event of ['approve_tool', 'deny_tool']) on(event, (_payload, ack) => ack({ ok: true, data: {} }));
    on('authenticate', (_payload, ack) => ack({ ok: true, data: { expiresAt: new Date().toISOString() } }));
    if (this.opensSessions) {
      socket.emit(restored ? 'SESSION_RESTORED' : 'SESSION_CREATED', {
        sessionId: id,
        expiresAt: '2030-01-01T00:00:00Z',
      });
    }
  }

  private guarded(event: string, socket: Socket, handler: Handler): (payload: never, ack: AckOf) => void {
    return (payload, ack) => {
      this.received.push([event, payload]);
      if (this.ignored.delete(event)) return;
      const error = this.refusals.get(event)?.shift();
      if (!error) return handler(payload, ack);
      socket.emit('error', error);
      ack({ ok: false, error });
    };
  }

  private begin(socket: Socket, { text, messageId }: { text: string; messageId: string }, ack: AckOf): void {
    const known = this.runs.find((run) => run.userMessageId === messageId);
    const run = known ?? new FakeRun(`run-${this.runs.length + 1}`, text, messageId);
    ack({ ok: true, data: run.start });
    run.follow(socket, -1);
    if (known) return;
    this.runs.push(run);
    if (!this.answer) return;
    for (const chunk of this.answer(text)) run.chunk(chunk);
    run.end();
  }

  private async onRest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const body = JSON.parse((await request.toArray()).join('')) as Record<string, string>;
    this.received.push([path, body]);
    const refusal = this.refusals.get(path)?.shift() ?? this.refusalOf(path, body);
    response.writeHead(refusal ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refusal ?? { success: true, data: this.tokens() }));
  }

  private refusalOf(path: string, { email = '', password = '' }: Record<string, string>): WireError | undefined {
    if (path === '/auth/login' && this.accounts.get(email) !== password) {
      return { code: 'UNAUTHORIZED', message: 'Email or password is wrong.' };
    }
    if (path !== '/auth/register') return undefined;
    if (this.accounts.has(email)) return { code: 'EMAIL_TAKEN', message: 'An account with this email exists already.' };
    this.accounts.set(email, password);
    return undefined;
  }

  private tokens(): object {
    this.issued += 1;
    return { accessToken: `access-${this.issued}`, refreshToken: `refresh-${this.issued}`, expiresIn: this.expiresIn };
  }
}

/** Waits, without a fixed pause, until the condition holds; rejects when it does not within 10 s. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
