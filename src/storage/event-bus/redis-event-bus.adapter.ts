import { Logger } from '@nestjs/common';
import { type ControlEventName, type ControlEvents, EventBus } from '../../common/event-bus.port.js';
import type { ChannelSubscription } from '../redis/redis-channels.js';
import type { HotStorage } from '../redis/hot-storage.js';
import { isUnreachable } from '../redis/redis-errors.js';
import { RedisScript } from '../redis/redis-script.js';
import { MemoryEventBus } from './memory-event-bus.adapter.js';

/** Events that wait for Redis; beyond it the oldest is dropped, loudly. */
const MAX_WAITING = 1000;
/** A message may get lost on the way: who heard nothing for so long looks. */
const LOOK_MS = 5000;
/** Events of the time just before the start are heard too: a second time harms nobody. */
const BEFORE_START_MS = 60_000;
const CHANNEL = 'events';

/**
 * Keeps an event for nodes that are cut off now, and announces it. KEYS events. ARGV channel, event, how many are kept.
 * Sent twice it is heard twice, which the port allows.
 */
const PUBLISH = new RedisScript(`
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'e', ARGV[2])
redis.call('PUBLISH', ARGV[1], id .. ' ' .. ARGV[2])
return id
`);
const KEPT_EVENTS = 10_000;

interface SentEvent {
  node: string;
  name: ControlEventName;
  event: never;
}

/**
 * Control events for all nodes. This node's own listeners hear an event at once; the others when Redis can be had: it
 * waits here until it is sent, and there until they have heard it.
 */
export class RedisEventBus extends EventBus {
  private readonly logger = new Logger(RedisEventBus.name);
  private readonly local = new MemoryEventBus();
  private readonly waiting: string[] = [];
  private readonly subscription: ChannelSubscription;
  private readonly poll: NodeJS.Timeout;
  private readonly forgetReturn: () => void;
  private lastId = `${Date.now() - BEFORE_START_MS}-0`;
  private sending = false;

  constructor(
    private readonly hot: HotStorage,
    private readonly node: string,
  ) {
    super();
    this.subscription = hot.channels.listen(CHANNEL, {
      onMessage: (message) => this.hear(message),
      onGap: () => void this.look(),
    });
    this.forgetReturn = hot.onReturn(() => void this.catchUp());
    this.poll = setInterval(() => void this.catchUp(), LOOK_MS);
    this.poll.unref();
  }

  override async publish<N extends ControlEventName>(name: N, event: ControlEvents[N]): Promise<void> {
    await this.local.publish(name, event);
    this.waiting.push(JSON.stringify({ node: this.node, name, event }));
    if (this.waiting.length > MAX_WAITING) {
      this.waiting.shift();
      this.logger.error('a control event is dropped: too many wait for Redis');
    }
    await this.flush();
  }

  override subscribe<N extends ControlEventName>(name: N, listener: (event: ControlEvents[N]) => void): () => void {
    return this.local.subscribe(name, listener);
  }

  close(): void {
    clearInterval(this.poll);
    this.forgetReturn();
    this.subscription.end();
  }

  private async catchUp(): Promise<void> {
    await this.look();
    await this.flush();
  }

  /** One at a time and in order; what Redis does not take now waits. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    const { connections } = this.hot;
    try {
      for (let next = this.waiting[0]; next !== undefined && this.hot.usesRedis; next = this.waiting[0]) {
        const event = next;
        const args = [connections.key(CHANNEL), event, KEPT_EVENTS];
        await connections.run((redis) => PUBLISH.run(redis, [connections.key('events')], args));
        if (this.waiting[0] === event) this.waiting.shift();
      }
    } catch (error) {
      if (isUnreachable(error)) return;
      this.waiting.shift();
      this.logger.error({ err: error }, 'a control event is dropped: Redis refuses it');
    } finally {
      this.sending = false;
    }
  }

  /** Hears what was announced while this node was cut off. */
  private async look(): Promise<void> {
    if (!this.hot.usesRedis) return;
    const { connections } = this.hot;
    try {
      const key = connections.key('events');
      const missed = await connections.run((redis) => redis.xrange(key, `(${this.lastId}`, '+', 'COUNT', KEPT_EVENTS));
      for (const [id, [, event]] of missed) this.deliver(id, event!);
    } catch (error) {
      if (!isUnreachable(error)) this.logger.error({ err: error }, 'missed control events could not be read');
    }
  }

  private hear(message: string): void {
    const space = message.indexOf(' ');
    this.deliver(message.slice(0, space), message.slice(space + 1));
  }

  private deliver(id: string, json: string): void {
    const { node, name, event } = JSON.parse(json) as SentEvent;
    this.lastId = id;
    if (node !== this.node) void this.local.publish(name, event);
  }
}
