import { io, type Socket } from 'socket.io-client';

const CONNECT_LIMIT_MS = 3000;
const ACK_LIMIT_MS = 8000;
/** A careful client does not wait for a ping to fail when an answer stops coming. */
const SILENCE_LIMIT_MS = 2500;
const RETRY_MS = 100;

/** What a stream asks for, and where it may connect. */
export interface StreamPlan {
  readonly urls: readonly string[];
  readonly token: string;
  readonly messageId: string;
  readonly text: string;
  /** The whole answer, where it is known beforehand. */
  readonly expected?: string;
  readonly tools: readonly string[];
  /** Chunk numbers after which the connection is cut. */
  readonly cuts: ReadonlySet<number>;
}

/** A frame that carries text, and when it came. */
export interface SeenChunk {
  readonly content: string;
  readonly at: number;
}

interface Frame {
  runId: string;
  conversationId: string;
  index: number;
  seq: number;
  content: string;
  finishReason: string;
  lastIndex: number;
  text?: string;
}

interface Ack {
  ok: boolean;
  error?: { code: string; message: string; retryAfterMs?: number };
}

/**
 * One answer, followed to its end over as many connections as it takes: a client of family A that goes to another node
 * when a connection breaks, refuses or falls silent, and resumes behind the last frame it has. It notes what is wrong.
 */
export class CheckedStream {
  readonly chunks: SeenChunk[] = [];
  readonly faults: string[] = [];
  runId: string | undefined;
  conversationId: string | undefined;
  finishReason: string | undefined;
  endedAt: number | undefined;
  lastError = 'no node could be reached';
  duplicates = 0;
  gaps = 0;
  cutCount = 0;
  /** Index into `urls` of the node that took the message. */
  readonly home: number;
  private lastSeq = -1;
  private next: number;

  constructor(
    readonly plan: StreamPlan,
    first: number,
  ) {
    this.home = first;
    this.next = first;
  }

  get text(): string {
    return this.chunks.map(({ content }) => content).join('');
  }

  get isOpen(): boolean {
    return this.runId !== undefined && this.endedAt === undefined;
  }

  /** Resolves at the answer's end, or when `deadline` (of performance.now) has passed. */
  async follow(deadline: number): Promise<void> {
    while (this.endedAt === undefined && performance.now() < deadline) {
      const url = this.plan.urls[this.next++ % this.plan.urls.length]!;
      const waitMs = await this.attend(url).catch((error: Error) => {
        this.lastError = error.message;
        return RETRY_MS;
      });
      if (this.endedAt === undefined) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  /** One connection, from its beginning to its end; how long to wait before the next. */
  private async attend(url: string): Promise<number> {
    const { token } = this.plan;
    const socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
    try {
      await opened(socket);
      const over = this.watch(socket);
      const ack = (await this.ask(socket)) as Ack;
      if (!ack.ok) {
        this.lastError = `${ack.error?.code}: ${ack.error?.message}`;
        return Math.min(ack.error?.retryAfterMs ?? RETRY_MS, 500);
      }
      await over;
      return 0;
    } finally {
      socket.removeAllListeners();
      socket.disconnect();
    }
  }

  private ask(socket: Socket): Promise<unknown> {
    const { messageId, text, tools } = this.plan;
    const timed = socket.timeout(ACK_LIMIT_MS);
    if (this.runId) return timed.emitWithAck('resume_stream', { runId: this.runId, afterSeq: this.lastSeq });
    return timed.emitWithAck('user_message_stream', { messageId, text, tools });
  }

  /** Resolves at the end of the answer, of the connection, or of patience. */
  private watch(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      let silence: NodeJS.Timeout | undefined;
      const done = (): void => {
        clearTimeout(silence);
        resolve();
      };
      const heard = (): void => {
        clearTimeout(silence);
        silence = setTimeout(done, SILENCE_LIMIT_MS);
      };
      heard();
      socket.onAny((event: string, frame: Frame) => {
        heard();
        if (event === 'stream_start') this.noteStart(frame);
        if (event === 'stream_chunk') this.note(frame, socket);
        if (event === 'stream_end') this.noteEnd(frame);
        if (event === 'stream_end') done();
      });
      socket.on('disconnect', done);
    });
  }

  /** The frame, not the ack, names the run: the ack may be lost with the connection while text came already. */
  private noteStart({ runId, conversationId }: Frame): void {
    this.runId ??= runId;
    this.conversationId ??= conversationId;
    if (runId !== this.runId) this.faults.push(`a second run, ${runId}`);
  }

  private note({ runId, index, seq, content }: Frame, socket: Socket): void {
    if (runId !== this.runId) return void this.faults.push(`a chunk of another run, ${runId}`);
    if (this.endedAt !== undefined) return void this.faults.push('a chunk after the end');
    if (index < this.chunks.length) return void this.duplicates++;
    if (index > this.chunks.length) this.gaps++;
    this.chunks.push({ content, at: performance.now() });
    this.lastSeq = seq;
    if (!this.plan.cuts.has(index)) return;
    this.cutCount++;
    socket.io.engine.close();
  }

  private noteEnd({ finishReason, lastIndex, text }: Frame): void {
    if (this.endedAt !== undefined) return void this.faults.push('a second end');
    this.endedAt = performance.now();
    this.finishReason = finishReason;
    if (lastIndex !== this.chunks.length - 1) this.gaps++;
    if (text !== undefined && text !== this.text) this.faults.push('an end that replaces the text');
  }
}

/** Resolves when the connection has its session. */
async function opened(socket: Socket): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('a connection got no session')), CONNECT_LIMIT_MS);
    socket.once('SESSION_CREATED', () => resolve());
    socket.once('connect_error', reject);
    socket.once('disconnect', () => reject(new Error('a connection was closed before its session')));
  }).finally(() => clearTimeout(timer));
}
