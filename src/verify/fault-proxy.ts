import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** One connection through the proxy. */
interface Link {
  client: Socket;
  upstream: Socket;
}

/**
 * `pass`: as if it were not there. `refuse`: nobody listens, and open connections are reset. `stall`: connections stay
 * open and nothing moves, until `heal` lets what waited go on. `deaf`: what is sent arrives, no answer comes back.
 */
export type FaultMode = 'pass' | 'refuse' | 'stall' | 'deaf';

/** A TCP proxy that breaks the network between a node and a store, on 127.0.0.1. */
export class FaultProxy {
  private readonly links = new Set<Link>();
  private server: Server | undefined;
  private mode: FaultMode = 'pass';
  private cutEach = Infinity;
  private chunks = 0;
  /** Connections cut by `cutOneIn` so far. */
  cuts = 0;

  private constructor(
    private readonly targetPort: number,
    private readonly targetHost: string,
    public port = 0,
  ) {}

  /** A proxy on a free port of 127.0.0.1. */
  static async start(targetPort: number, targetHost = '127.0.0.1'): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort, targetHost);
    await proxy.listen();
    return proxy;
  }

  /** The address of a store, through the proxy. */
  urlOf(url: string): string {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String(this.port);
    return through.href;
  }

  async break(mode: Exclude<FaultMode, 'pass'>): Promise<void> {
    this.mode = mode;
    if (mode === 'stall') for (const { client, upstream } of this.links) [client, upstream].map((end) => end.pause());
    if (mode !== 'refuse') return;
    await this.unlisten();
    this.reset();
  }

  /** Resets every open connection; new ones pass. */
  reset(): void {
    for (const link of this.links) this.drop(link);
  }

  /** Resets a connection at every `n`th piece that is sent, half of the time before and half after it has arrived. */
  cutOneIn(n: number): void {
    this.cutEach = n;
  }

  async heal(): Promise<void> {
    const before = this.mode;
    this.mode = 'pass';
    this.cutEach = Infinity;
    if (before === 'refuse') await this.listen();
    // Answers are missing on these connections: they are of no use to anybody.
    if (before === 'deaf') this.reset();
    for (const { client, upstream } of this.links) [client, upstream].map((end) => end.resume());
  }

  async close(): Promise<void> {
    await this.unlisten();
    this.reset();
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server = createServer((client) => this.join(client)).once('error', reject);
      this.server.listen(this.port, '127.0.0.1', () => {
        this.port = (this.server!.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  private async unlisten(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.reset();
    await closed;
  }

  private join(client: Socket): void {
    const link: Link = { client, upstream: connect(this.targetPort, this.targetHost) };
    this.links.add(link);
    for (const end of [client, link.upstream]) {
      end.setNoDelay(true);
      end.on('error', () => this.drop(link)).on('close', () => this.drop(link));
    }
    client.on('data', (data) => this.send(link, data));
    link.upstream.on('data', (data) => this.mode !== 'deaf' && client.write(data));
    if (this.mode === 'stall') for (const end of [client, link.upstream]) end.pause();
  }

  private send(link: Link, data: Buffer): void {
    if (++this.chunks % this.cutEach !== 0) return void link.upstream.write(data);
    this.cuts++;
    if (this.cuts % 2 === 0) return this.drop(link);
    link.client.resetAndDestroy();
    link.upstream.end(data);
  }

  private drop(link: Link): void {
    if (!this.links.delete(link)) return;
    link.client.resetAndDestroy();
    link.upstream.destroy();
  }
}
