import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultProxy } from './fault-proxy.js';
import { freePort } from './free-port.js';
import { NodeProcess } from './node-process.js';

const POSTGRES_PORT = 5432;
const REDIS_PORT = 6379;

/** What a fleet runs on. */
export interface FleetOptions {
  /** The server's program. */
  readonly server: string;
  readonly size: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisKeyPrefix: string;
  /** Pace of the answers. */
  readonly tokenDelayMs: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Puts a balancer before the nodes, and says where it is: clients then know no other address. */
  readonly front?: (nodes: readonly string[]) => Promise<string>;
}

/** Several nodes on one database and one Redis, each with a way of its own to both that can be broken. */
export class NodeFleet {
  readonly nodes: NodeProcess[] = [];
  readonly redisWays: FaultProxy[] = [];
  readonly databaseWays: FaultProxy[] = [];
  private entrances: readonly string[] = [];
  private readonly folders: string[] = [];
  private readonly secret = randomBytes(32).toString('hex');

  constructor(private readonly options: FleetOptions) {}

  /** Where clients may connect. */
  get urls(): readonly string[] {
    return this.entrances;
  }

  get takeovers(): number {
    return this.nodes.reduce((sum, { takeovers }) => sum + takeovers, 0);
  }

  async start(): Promise<void> {
    for (let i = 0; i < this.options.size; i++) this.nodes.push(await this.makeNode());
    // The first alone, so that it makes the database's schema.
    await this.nodes[0]!.start();
    await Promise.all(this.nodes.slice(1).map((node) => node.start()));
    const addresses = this.nodes.map(({ url }) => url);
    this.entrances = this.options.front ? [await this.options.front(addresses)] : addresses;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end('SIGKILL')));
    await Promise.all([...this.redisWays, ...this.databaseWays].map((way) => way.close()));
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }

  private async makeNode(): Promise<NodeProcess> {
    const { databaseUrl, redisUrl, redisKeyPrefix, tokenDelayMs, server, env = {} } = this.options;
    const [redis, database] = [await wayTo(redisUrl, REDIS_PORT), await wayTo(databaseUrl, POSTGRES_PORT)];
    this.redisWays.push(redis);
    this.databaseWays.push(database);
    const folder = mkdtempSync(join(tmpdir(), 'talksy-verify-'));
    this.folders.push(folder);
    const port = await freePort();
    const fixed = {
      PORT: String(port),
      HOST: '127.0.0.1',
      NODE_ENV: 'test',
      DATA_DIR: folder,
      DATABASE_URL: database.urlOf(databaseUrl),
      REDIS_ENABLED: 'true',
      REDIS_URL: redis.urlOf(redisUrl),
      REDIS_KEY_PREFIX: redisKeyPrefix,
      JWT_SECRET: this.secret,
      REFRESH_SECRET: this.secret,
      BCRYPT_ROUNDS: '4',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      AI_PROVIDER: 'mock',
      AI_MOCK_TOKEN_DELAY_MS: String(tokenDelayMs),
      AI_MOCK_FIRST_TOKEN_DELAY_MS: '0',
      RATE_LIMIT_ENABLED: 'false',
      RUN_MAX_CONCURRENT_PER_USER: '1000',
    };
    return new NodeProcess(server, { ...fixed, ...env }, `http://127.0.0.1:${port}`);
  }
}

function wayTo(url: string, usualPort: number): Promise<FaultProxy> {
  const { hostname, port } = new URL(url);
  return FaultProxy.start(Number(port || usualPort), hostname);
}
