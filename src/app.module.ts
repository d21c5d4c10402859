import { type DynamicModule, Module } from '@nestjs/common';
import type { DestinationStream } from 'pino';
import { CommonModule } from './common/common.module.js';
import { ConfigModule } from './config/config.module.js';
import type { TalksyConfig } from './config/config.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HealthModule } from './health/health.module.js';
import { LoggingModule } from './observability/logging.module.js';
import type { DurableStorage } from './storage/database/durable-storage.js';
import { StorageModule } from './storage/storage.module.js';

/** What of the outside an application may be given instead of making it itself. */
export interface AppParts {
  /** Durable storage whose opening was begun before. */
  storage?: DurableStorage;
  /** Takes the log lines instead of standard output. */
  logDestination?: DestinationStream;
}

/** The whole house. */
@Module({})
export class AppModule {
  static forRoot(config: TalksyConfig, { storage, logDestination }: AppParts = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        CommonModule,
        LoggingModule.forRoot(logDestination),
        StorageModule.forRoot(storage),
        GatewayModule,
        HealthModule,
      ],
    };
  }
}
