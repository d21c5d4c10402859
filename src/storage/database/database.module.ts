import {
  type DynamicModule,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { TokenFamilyStore } from '../../auth/token-family-store.port.js';
import { HealthProbes } from '../../common/health-probe.js';
import { StoreConfig } from '../../config/config.js';
import { ConversationStore } from '../../conversation/conversation-store.port.js';
import { RunStore } from '../../run/run-store.port.js';
import { UserStore } from '../../user/user-store.port.js';
import { PostgresConversationStore } from '../conversation-store/postgres-conversation-store.adapter.js';
import { PostgresRunStore } from '../run-store/postgres-run-store.adapter.js';
import { PostgresTokenFamilyStore } from '../token-family-store/postgres-token-family-store.adapter.js';
import { PostgresUserStore } from '../user-store/postgres-user-store.adapter.js';
import { DataFolder } from './data-folder.js';
import { Database } from './database.js';
import { DatabaseProbe } from './database.probe.js';
import { type DurableStorage, openDurableStorage } from './durable-storage.js';

const OPENING = Symbol('the durable storage, while it opens');

/** The ports of everything durable, bound to their SQL adapters. */
const STORES: Provider[] = [
  { provide: UserStore, useClass: PostgresUserStore },
  { provide: TokenFamilyStore, useClass: PostgresTokenFamilyStore },
  { provide: ConversationStore, useClass: PostgresConversationStore },
  { provide: RunStore, useClass: PostgresRunStore },
];

/** Opens the database before anything that needs it exists, and closes it as the very last thing of a shutdown. */
@Module({})
export class DatabaseModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly folder: DataFolder,
    private readonly probes: HealthProbes,
  ) {}

  /** @param opening what was begun before the application was built, if anything. */
  static forRoot(opening?: DurableStorage): DynamicModule {
    const providers: Provider[] = [
      {
        provide: OPENING,
        useFactory: (config: StoreConfig) => opening ?? openDurableStorage(config),
        inject: [StoreConfig],
      },
      { provide: DataFolder, useFactory: ({ folder }: DurableStorage) => folder, inject: [OPENING] },
      { provide: Database, useFactory: ({ database }: DurableStorage) => database, inject: [OPENING] },
      ...STORES,
    ];
    const exports = [DataFolder, Database, UserStore, TokenFamilyStore, ConversationStore, RunStore];
    return { module: DatabaseModule, providers, exports };
  }

  onModuleInit(): void {
    this.probes.register(new DatabaseProbe(this.database));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
    this.folder.release();
  }
}
