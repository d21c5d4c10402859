import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { SecretStore } from '../auth/secret-store.port.js';
import { EventBus } from '../common/event-bus.port.js';
import { RunLease } from '../run/run-lease.port.js';
import { RunLog } from '../run/run-log.port.js';
import { SessionStore } from '../session/session-store.port.js';
import { DatabaseModule } from './database/database.module.js';
import type { DurableStorage } from './database/durable-storage.js';
import { MemoryEventBus } from './event-bus/memory-event-bus.adapter.js';
import { MemoryRunLease } from './run-lease/memory-run-lease.adapter.js';
import { MemoryRunLog } from './run-log/memory-run-log.adapter.js';
import { FileSecretStore } from './secret-store/file-secret-store.adapter.js';
import { MemorySessionStore } from './session-store/memory-session-store.adapter.js';
import { StorageProbe } from './storage.probe.js';

const PORTS: Provider[] = [
  { provide: EventBus, useClass: MemoryEventBus },
  { provide: RunLease, useClass: MemoryRunLease },
  { provide: RunLog, useClass: MemoryRunLog },
  { provide: SecretStore, useClass: FileSecretStore },
  { provide: SessionStore, useClass: MemorySessionStore },
];

/** Binds every port to its adapter, for the whole application. */
@Global()
@Module({})
export class StorageModule {
  /** @param opening what was begun before the application was built, if anything. */
  static forRoot(opening?: DurableStorage): DynamicModule {
    const database = DatabaseModule.forRoot(opening);
    return {
      module: StorageModule,
      imports: [database],
      providers: [...PORTS, StorageProbe],
      exports: [DatabaseModule, EventBus, RunLease, RunLog, SecretStore, SessionStore],
    };
  }
}
