import {
  type DynamicModule,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { ApiKeyStore } from '../../auth/api-key-store.port.js';
import { TokenFamilyStore } from '../../auth/token-family-store.port.js';
import { HealthProbes } from '../../common/health-probe.js';
import { StoreConfig } from '../../config/config.js';
import { ConversationDirectory } from '../../conversation/conversation-directory.port.js';
import { ConversationStore } from '../../conversation/conversation-store.port.js';
import { MessageSearch } from '../../conversation/message-search.port.js';
import { MessageTree } from '../../conversation/message-tree.port.js';
import { RunStore } from '../../run/run-store.port.js';
import { UsageStore } from '../../run/usage-store.port.js';
import { ApprovalStore } from '../../tools/approval-store.port.js';
import { CallerRoles } from '../../tools/caller-roles.port.js';
import { OrganizationStore } from '../../user/organization-store.port.js';
import { UserStore } from '../../user/user-store.port.js';
import { PostgresApiKeyStore } from '../api-key-store/postgres-api-key-store.adapter.js';
import { PostgresApprovalStore } from '../approval-store/postgres-approval-store.adapter.js';
import { PostgresCallerRoles } from '../caller-roles/postgres-caller-roles.adapter.js';
import { PostgresConversationDirectory } from '../conversation-directory/postgres-conversation-directory.adapter.js';
import { PostgresConversationStore } from '../conversation-store/postgres-conversation-store.adapter.js';
import { PostgresMessageSearch } from '../message-search/postgres-message-search.adapter.js';
import { PostgresMessageTree } from '../message-tree/postgres-message-tree.adapter.js';
import { PostgresOrganizationStore } from '../organization-store/postgres-organization-store.adapter.js';
import { PostgresRunStore } from '../run-store/postgres-run-store.adapter.js';
import { PostgresTokenFamilyStore } from '../token-family-store/postgres-token-family-store.adapter.js';
import { PostgresUsageStore } from '../usage-store/postgres-usage-store.adapter.js';
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
  { provide: ApiKeyStore, useClass: PostgresApiKeyStore },
  { provide: ConversationStore, useClass: PostgresConversationStore },
  { provide: RunStore, useClass: PostgresRunStore },
  { provide: UsageStore, useClass: PostgresUsageStore },
  { provide: ConversationDirectory, useClass: PostgresConversationDirectory },
  { provide: OrganizationStore, useClass: PostgresOrganizationStore },
  { provide: MessageTree, useClass: PostgresMessageTree },
  { provide: MessageSearch, useClass: PostgresMessageSearch },
  { provide: ApprovalStore, useClass: PostgresApprovalStore },
  { provide: CallerRoles, useClass: PostgresCallerRoles },
];

const TOOL_STORES = [MessageSearch, ApprovalStore, CallerRoles];

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
    const exports = [
      DataFolder,
      Database,
      UserStore,
      TokenFamilyStore,
      ApiKeyStore,
      ConversationStore,
      ConversationDirectory,
      MessageTree,
      OrganizationStore,
      RunStore,
      UsageStore,
      ...TOOL_STORES,
    ];
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
