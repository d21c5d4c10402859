import { Test } from '@nestjs/testing';
import { ConfigModule } from './config.module.js';
import {
  AiConfig,
  AuthConfig,
  LogConfig,
  LimitConfig,
  RunConfig,
  ServerConfig,
  SessionConfig,
  StoreConfig,
  ToolConfig,
} from './config.js';
import { loadConfig } from './load-config.js';

describe('The configuration module', () => {
  it('gives every room its own slice', async () => {
    const config = loadConfig({ PORT: '4000' });
    const app = await Test.createTestingModule({ imports: [ConfigModule.forRoot(config)] }).compile();
    const slices = [
      ServerConfig,
      StoreConfig,
      AiConfig,
      AuthConfig,
      SessionConfig,
      LimitConfig,
      RunConfig,
      ToolConfig,
      LogConfig,
    ] as const;
    expect(slices.map((slice) => app.get<unknown>(slice))).toEqual(Object.values(config));
  });
});
