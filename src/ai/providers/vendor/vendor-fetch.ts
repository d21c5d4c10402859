import type { Dispatcher } from 'undici';
import { AnswerBody } from './answer-body.js';
import type { ChunkShortcut } from './chunk-shortcut.js';
import { VendorConnector } from './vendor-connector.js';

/** A request whose headers are partly those of all requests of its client. */
export interface VendorRequestInit extends RequestInit {
  /** Besides `headers`. */
  ownHeaders?: Readonly<Record<string, string>>;
}

/** What an SDK takes in place of the global `fetch`. */
export type VendorFetch = (url: string | URL | Request, init?: VendorRequestInit) => Promise<Response>;

/** What all requests of a client say; not to be changed once it was sent. */
export class CommonHeaders extends Headers {
  private asSent: Readonly<Record<string, string>> | undefined;

  get sent(): Readonly<Record<string, string>> {
    return (this.asSent ??= Object.fromEntries(this));
  }
}

/** A success whose body is read as it comes, not through the web stream that a `Response` would wrap around them. */
export class AnsweredResponse extends Response {
  constructor(
    readonly answer: AnswerBody,
    init: ResponseInit,
  ) {
    super(null, init);
  }
}

/** Nobody reads more of an error page than this. */
const MAX_ERROR_BYTES = 65_536;

/**
 * A `fetch` for the SDKs over undici's lowest interface: successes are AnsweredResponses, failures carry their text. A
 * connection that does not stand in time fails with UND_ERR_CONNECT_TIMEOUT; all other limits are the caller's.
 */
export async function openVendorFetch(connectTimeoutMs: number): Promise<VendorFetch> {
  const { Agent, buildConnector } = await import('undici');
  const connector = new VendorConnector(buildConnector, connectTimeoutMs);
  const dispatcher = new Agent({ connect: connector.connect, headersTimeout: 0, bodyTimeout: 0 });
  return (url, init = {}) => {
    const { origin, pathname, search } = new URL(url instanceof Request ? url.url : url);
    const request: Dispatcher.DispatchOptions = {
      origin,
      path: `${pathname}${search}`,
      method: init.method === 'GET' ? 'GET' : 'POST',
      headers: headersOf(init),
      body: init.body as string,
    };
    return new Promise((resolve, reject) => {
      dispatcher.dispatch(request, new VendorExchange({ resolve, reject }, connector, init.signal ?? undefined));
    });
  };
}

function headersOf({ headers, ownHeaders }: VendorRequestInit): Record<string, string> {
  const common = headers instanceof CommonHeaders ? headers.sent : Object.fromEntries(new Headers(headers));
  return { ...common, ...ownHeaders };
}

interface Answered {
  resolve: (response: Response) => void;
  reject: (error: unknown) => void;
}

/** One request on its connection: the answer's body as it comes, an error's gathered. */
class VendorExchange implements Dispatcher.DispatchHandler {
  private body: AnswerBody | undefined;
  private failure: ErrorPage | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private shortcut: ChunkShortcut | undefined;

  constructor(
    private readonly answered: Answered,
    private readonly connector: VendorConnector,
    private readonly signal: AbortSignal | undefined,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal?.aborted) return this.abort();
    this.signal?.addEventListener('abort', this.abort, { once: true });
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHeaders): void {
    if (status < 200) return;
    if (status >= 300) return void (this.failure = new ErrorPage({ status, headers: flatten(headers) }));
    const line = headers['transfer-encoding'] === 'chunked' ? this.connector.reading : undefined;
    this.body = new AnswerBody(controller, line);
    this.shortcut = line?.shortcut;
    this.shortcut?.begin(this.body);
    this.answered.resolve(new AnsweredResponse(this.body, { status, headers: successHeaders(headers) }));
  }

  onResponseData(_controller: Dispatcher.DispatchController, packet: Buffer): void {
    this.shortcut?.parsed(packet);
    if (this.body) this.body.arrive(packet, 0, packet.length);
    else if (this.failure?.isFullWith(packet)) this.hangUp();
  }

  onResponseEnd(): void {
    this.finish();
    if (this.failure) this.answered.resolve(this.failure.response());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.finish(error);
    // The status has come, and that is what counts: a connection that breaks here takes nothing away but words.
    if (this.failure && !this.signal?.aborted) this.answered.resolve(this.failure.response());
    else this.answered.reject(error);
  }

  private readonly abort = (): void => {
    this.controller?.abort(this.signal?.reason as Error);
  };

  private hangUp(): void {
    this.controller?.abort(new Error('enough of an error page'));
  }

  private finish(error?: Error): void {
    this.shortcut?.end();
    this.signal?.removeEventListener('abort', this.abort);
    this.body?.end(error);
  }
}

type IncomingHeaders = NodeJS.Dict<string | string[]>;

/** The beginning of the body of an error. */
class ErrorPage {
  private readonly packets: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly init: ResponseInit) {}

  /** Keeps the packet; true where that is enough. */
  isFullWith(packet: Buffer): boolean {
    this.packets.push(packet);
    this.bytes += packet.length;
    return this.bytes >= MAX_ERROR_BYTES;
  }

  response(): Response {
    return new Response(Buffer.concat(this.packets).toString('utf8', 0, MAX_ERROR_BYTES), this.init);
  }
}

/** All that is asked of a success; the SDKs would go through the rest twice, for a log that nobody has. */
function successHeaders({ 'content-type': type }: IncomingHeaders): [name: string, value: string][] {
  return typeof type === 'string' ? [['content-type', type]] : [];
}

/** Names and values as a Response takes them; it makes its own Headers of them. */
function flatten(headers: IncomingHeaders): [name: string, value: string][] {
  return Object.entries(headers).flatMap(([name, value = []]) =>
    typeof value === 'string' ? [[name, value]] : value.map((one): [string, string] => [name, one]),
  );
}
