import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.port.js';
import { NodeIdentity } from '../common/node-identity.js';
import { RunConfig, StoreConfig } from '../config/config.js';
import { RateCounter } from '../rate-limit/rate-counter.port.js';
import { RunLease } from '../run/run-lease.port.js';
import { RunLog } from '../run/run-log.port.js';
import { SessionStore } from '../session/session-store.port.js';
import { Database } from './database/database.js';
import { type HotAdapters, memoryAdapters, sharedAdapters } from './hot-adapters.js';
import { HotStorageOption } from './redis/hot-storage-option.js';
import { openHotStorage } from './redis/open-hot-storage.js';
import { SocketRooms } from './socket-io/socket-rooms.js';
import { StorageProbe } from './storage.probe.js';

const ADAPTERS = Symbol('the adapters of hot state');

const PROVIDERS: Provider[] = [
  { provide: HotStorageOption, useFactory: openHotStorage, inject: [StoreConfig, Database] },
  {
    provide: ADAPTERS,
    useFactory: ({ hot }: HotStorageOption, clock: Clock, { id }: NodeIdentity, { logRetentionMs }: RunConfig) =>
      hot ? sharedAdapters(hot, clock, { node: id, retentionMs: logRetentionMs }) : memoryAdapters(clock),
    inject: [HotStorageOption, Clock, NodeIdentity, RunConfig],
  },
  { provide: EventBus, useFactory: ({ eventBus }: HotAdapters) => eventBus, inject: [ADAPTERS] },
  { provide: RateCounter, useFactory: ({ rateCounter }: HotAdapters) => rateCounter, inject: [ADAPTERS] },
  { provide: RunLease, useFactory: ({ runLease }: HotAdapters) => runLease, inject: [ADAPTERS] },
  { provide: RunLog, useFactory: ({ runLog }: HotAdapters) => runLog, inject: [ADAPTERS] },
  { provide: SessionStore, useFactory: ({ sessionStore }: HotAdapters) => sessionStore, inject: [ADAPTERS] },
  { provide: SocketRooms, useFactory: ({ hot }: HotStorageOption) => new SocketRooms(hot), inject: [HotStorageOption] },
];

/** Sessions, run logs, leases, rate windows and control events: in Redis where it is enabled, else in memory. */
@Module({
  providers: [...PROVIDERS, StorageProbe],
  exports: [HotStorageOption, EventBus, RateCounter, RunLease, RunLog, SessionStore],
})
export class HotStorageModule implements OnApplicationShutdown {
  constructor(
    @Inject(ADAPTERS) private readonly adapters: HotAdapters,
    private readonly option: HotStorageOption,
    private readonly rooms: SocketRooms,
  ) {}

  /** @param database knows which database this node has. */
  static forRoot(database: DynamicModule): DynamicModule {
    return { module: HotStorageModule, imports: [database] };
  }

  onApplicationShutdown(): void {
    this.adapters.close();
    this.rooms.close();
    this.option.hot?.close();
  }
}
