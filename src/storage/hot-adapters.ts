import type { Clock } from '../common/clock.js';
import type { EventBus } from '../common/event-bus.port.js';
import type { RateCounter } from '../rate-limit/rate-counter.port.js';
import type { RunLease } from '../run/run-lease.port.js';
import type { RunLog } from '../run/run-log.port.js';
import type { SessionStore } from '../session/session-store.port.js';
import { MemoryEventBus } from './event-bus/memory-event-bus.adapter.js';
import { RedisEventBus } from './event-bus/redis-event-bus.adapter.js';
import { MemoryRateCounter } from './rate-counter/memory-rate-counter.adapter.js';
import { RedisRateCounter } from './rate-counter/redis-rate-counter.adapter.js';
import type { HotStorage } from './redis/hot-storage.js';
import { HotRunLease } from './run-lease/hot-run-lease.adapter.js';
import { MemoryRunLease } from './run-lease/memory-run-lease.adapter.js';
import { RedisRunLease } from './run-lease/redis-run-lease.adapter.js';
import { HotRunLog } from './run-log/hot-run-log.adapter.js';
import { MemoryRunLog } from './run-log/memory-run-log.adapter.js';
import { RedisRunLog, type RedisRunLogOptions } from './run-log/redis-run-log.adapter.js';
import { HotSessionStore } from './session-store/hot-session-store.adapter.js';
import { MemorySessionStore } from './session-store/memory-session-store.adapter.js';
import { RedisSessionStore } from './session-store/redis-session-store.adapter.js';

/** The ports of hot state, bound. */
export interface HotAdapters {
  readonly eventBus: EventBus;
  readonly rateCounter: RateCounter;
  readonly runLease: RunLease;
  readonly runLog: RunLog;
  readonly sessionStore: SessionStore;
  /** Ends timers and subscriptions, not the connections. */
  close(): void;
}

/** Everything in the memory of this node. */
export function memoryAdapters(clock: Clock): HotAdapters {
  return {
    eventBus: new MemoryEventBus(),
    rateCounter: new MemoryRateCounter(clock),
    runLease: new MemoryRunLease(clock),
    runLog: new MemoryRunLog(clock),
    sessionStore: new MemorySessionStore(clock),
    close: () => undefined,
  };
}

/** Everything in Redis, and in memory what begins while Redis cannot be had. */
export function sharedAdapters(hot: HotStorage, clock: Clock, options: RedisRunLogOptions): HotAdapters {
  const { connections, channels } = hot;
  const eventBus = new RedisEventBus(hot, options.node);
  const redisLog = new RedisRunLog(connections, channels, options);
  const sessions = new RedisSessionStore(connections, clock);
  const sessionStore = new HotSessionStore(new MemorySessionStore(clock), sessions, hot);
  return {
    eventBus,
    rateCounter: new RedisRateCounter(connections, new MemoryRateCounter(clock)),
    runLease: new HotRunLease(new MemoryRunLease(clock), new RedisRunLease(connections), hot),
    runLog: new HotRunLog(new MemoryRunLog(clock), redisLog, hot),
    sessionStore,
    close: () => {
      for (const adapter of [eventBus, redisLog, sessionStore]) adapter.close();
    },
  };
}
