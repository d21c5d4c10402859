import { type DynamicModule, Module } from '@nestjs/common';
import {
  AiConfig,
  AuthConfig,
  LimitConfig,
  LogConfig,
  RunConfig,
  ServerConfig,
  SessionConfig,
  StoreConfig,
  type TalksyConfig,
  ToolConfig,
} from './config.js';

/** Hands the loaded configuration to every room, slice by slice. */
@Module({})
export class ConfigModule {
  static forRoot(config: TalksyConfig): DynamicModule {
    const providers = [
      { provide: ServerConfig, useValue: config.server },
      { provide: StoreConfig, useValue: config.store },
      { provide: AiConfig, useValue: config.ai },
      { provide: AuthConfig, useValue: config.auth },
      { provide: SessionConfig, useValue: config.session },
      { provide: LimitConfig, useValue: config.limits },
      { provide: RunConfig, useValue: config.run },
      { provide: ToolConfig, useValue: config.tools },
      { provide: LogConfig, useValue: config.log },
    ];
    return { module: ConfigModule, global: true, providers, exports: providers };
  }
}
