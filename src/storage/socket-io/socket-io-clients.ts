import type { RedisConnections } from '../redis/redis-connections.js';
import type { RedisLink } from '../redis/redis-link.js';

type Listener = (...args: unknown[]) => void;

/**
 * What the Socket.IO adapter publishes with. It never waits for an answer, so a lost Redis must not become a rejection
 * that nobody handles: what cannot be published is lost, as with any control event between sockets.
 */
export class PublishingClient {
  constructor(private readonly connections: RedisConnections) {}

  publish(channel: string, message: string | Buffer): void {
    this.connections.commands.publish(channel, message).catch(() => undefined);
  }

  /** `PUBSUB NUMSUB`: how many nodes there are. */
  send_command(command: string, args: string[], done: (error: unknown, reply?: unknown) => void): void {
    this.connections.run((redis) => redis.call(command, ...args)).then((reply) => done(null, reply), done);
  }

  on(): this {
    return this;
  }

  off(): this {
    return this;
  }
}

/** What the Socket.IO adapter listens with: a connection of its own, whose subscriptions come back with it. */
export class ListeningClient {
  private readonly channels = new Set<string>();
  private readonly patterns = new Set<string>();

  constructor(private readonly link: RedisLink) {
    link.redis.on('ready', () => {
      this.quietly(link.redis.subscribe(...this.channels));
      this.quietly(link.redis.psubscribe(...this.patterns));
    });
  }

  subscribe(names: string | string[]): void {
    this.add(this.channels, names);
    this.quietly(this.link.redis.subscribe(...this.channels));
  }

  psubscribe(names: string | string[]): void {
    this.add(this.patterns, names);
    this.quietly(this.link.redis.psubscribe(...this.patterns));
  }

  unsubscribe(names: string | string[]): void {
    for (const name of [names].flat()) this.channels.delete(name);
    this.quietly(this.link.redis.unsubscribe(...[names].flat()));
  }

  punsubscribe(names: string | string[]): void {
    for (const name of [names].flat()) this.patterns.delete(name);
    this.quietly(this.link.redis.punsubscribe(...[names].flat()));
  }

  on(event: string, listener: Listener): this {
    this.link.redis.on(event, listener);
    return this;
  }

  off(event: string, listener: Listener): this {
    this.link.redis.off(event, listener);
    return this;
  }

  private add(known: Set<string>, names: string | string[]): void {
    for (const name of [names].flat()) known.add(name);
  }

  /** What fails while Redis is away is done again when the connection is ready. */
  private quietly(command: Promise<unknown>): void {
    command.catch(() => undefined);
  }
}
