import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turnEnd } from 'node:timers/promises';

/** One move of the upstream: a packet, a wait for something the test decides, or a connection reset. */
export type UpstreamStep = { send: string | Uint8Array } | { until: Promise<unknown> } | 'reset';

/** One HTTP answer. Without a status it is 200 and an event stream. */
export interface UpstreamScript {
  status?: number;
  headers?: Record<string, string>;
  /** Not even the status goes out before this. */
  after?: Promise<unknown>;
  steps: readonly UpstreamStep[];
}

export interface UpstreamRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** The JSON that came; undefined where it was none. */
  body: Record<string, unknown> | undefined;
  /** How the connection ended: the answer went out whole, or the client (or a scripted reset) cut it. */
  closed: Promise<'finished' | 'aborted'>;
}

/** A vendor's server that says what the test tells it to, over real HTTP on a free port of this machine. */
export class FakeUpstream {
  readonly requests: UpstreamRequest[] = [];
  private scripts: UpstreamScript[] = [];
  private readonly awaited: { count: number; resolve: () => void }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeUpstream> {
    const server = createServer();
    const upstream = new FakeUpstream(server);
    server.on('request', (request, response) => void upstream.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  /** Without a path: OPENAI_BASE_URL is this + `/v1`, GROQ_BASE_URL is this as it is. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The answers to the next requests, in order; the last one is given to all that follow. Replaces earlier scripts. */
  script(...scripts: UpstreamScript[]): void {
    this.scripts = scripts;
  }

  /** Resolves when so many requests have come since the start. */
  async received(count: number): Promise<void> {
    if (this.requests.length >= count) return;
    await new Promise<void>((resolve) => this.awaited.push({ count, resolve }));
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<'finished' | 'aborted'>((resolve) => {
      response.once('close', () => resolve(response.writableFinished ? 'finished' : 'aborted'));
    });
    const body = await readJson(request);
    const { method = '', url: path = '', headers } = request;
    this.requests.push({ method, path, headers, body, closed });
    for (const { count, resolve } of this.awaited) if (this.requests.length >= count) resolve();
    const script = this.scripts.length > 1 ? this.scripts.shift() : this.scripts[0];
    await play(script ?? { status: 404, steps: [] }, response, closed);
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const packets: Buffer[] = [];
  for await (const packet of request) packets.push(packet as Buffer);
  try {
    return JSON.parse(Buffer.concat(packets).toString('utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

async function play(script: UpstreamScript, response: ServerResponse, closed: Promise<unknown>): Promise<void> {
  if (script.after) await Promise.race([script.after, closed]);
  if (response.destroyed) return;
  response.socket?.setNoDelay(true);
  response.writeHead(script.status ?? 200, { 'content-type': 'text/event-stream; charset=utf-8', ...script.headers });
  response.flushHeaders();
  for (const step of script.steps) {
    if (response.destroyed) return;
    if (step === 'reset') return void response.socket?.resetAndDestroy();
    if ('until' in step) await Promise.race([step.until, closed]);
    else {
      response.write(step.send);
      // A turn of the event loop between two packets, so that the reader sees them one by one.
      await turnEnd();
    }
  }
  response.end();
}
