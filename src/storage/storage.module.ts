import { type DynamicModule, Global, Module } from '@nestjs/common';
import { SecretStore } from '../auth/secret-store.port.js';
import { DatabaseModule } from './database/database.module.js';
import type { DurableStorage } from './database/durable-storage.js';
import { HotStorageModule } from './hot-storage.module.js';
import { FileSecretStore } from './secret-store/file-secret-store.adapter.js';

/** Binds every port to its adapter, for the whole application. */
@Global()
@Module({})
export class StorageModule {
  /** @param opening what was begun before the application was built, if anything. */
  static forRoot(opening?: DurableStorage): DynamicModule {
    const database = DatabaseModule.forRoot(opening);
    return {
      module: StorageModule,
      imports: [database, HotStorageModule.forRoot(database)],
      providers: [{ provide: SecretStore, useClass: FileSecretStore }],
      exports: [DatabaseModule, HotStorageModule, SecretStore],
    };
  }
}
