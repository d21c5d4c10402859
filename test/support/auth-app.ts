import { Global, type LoggerService, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { AuthModule } from '../../src/auth/auth.module.js';
import { ApiKeyStore } from '../../src/auth/api-key-store.port.js';
import { SecretStore } from '../../src/auth/secret-store.port.js';
import { TokenFamilyStore } from '../../src/auth/token-family-store.port.js';
import { Clock } from '../../src/common/clock.js';
import { CommonModule } from '../../src/common/common.module.js';
import { EventBus } from '../../src/common/event-bus.port.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/load-config.js';
import { configureHttp } from '../../src/gateway/http/configure-http.js';
import { MemoryEventBus } from '../../src/storage/event-bus/memory-event-bus.adapter.js';
import { RateCounter } from '../../src/rate-limit/rate-counter.port.js';
import { MemoryRateCounter } from '../../src/storage/rate-counter/memory-rate-counter.adapter.js';
import { UserStore } from '../../src/user/user-store.port.js';
import { FakeClock } from './fake-clock.js';
import { MemoryApiKeyStore } from './memory-api-key-store.js';
import { MemoryTokenFamilyStore } from './memory-token-family-store.js';
import { MemoryUserStore } from './memory-user-store.js';

export const TEST_JWT_SECRET = 'a test secret that is long enough for HS256';
export const TEST_REFRESH_SECRET = 'another test secret, for refresh tokens only';

/** A server of accounts alone: the real HTTP stack over stores in memory and a clock that stands still. */
export interface AuthApp {
  app: NestExpressApplication;
  http: ReturnType<typeof supertest>;
  url: string;
  clock: FakeClock;
  users: MemoryUserStore;
  families: MemoryTokenFamilyStore;
  keys: MemoryApiKeyStore;
  counter: MemoryRateCounter;
  bus: MemoryEventBus;
  /** What was logged as an error: message, stack, context. */
  errors: unknown[][];
}

type Controller = new (...dependencies: never[]) => object;

/** Starts it on a free port; `env` adds to the configuration, `controllers` to the routes. */
export async function startAuthApp(env: NodeJS.ProcessEnv = {}, controllers: Controller[] = []): Promise<AuthApp> {
  const clock = new FakeClock();
  const fakes = {
    users: new MemoryUserStore(),
    families: new MemoryTokenFamilyStore(clock),
    keys: new MemoryApiKeyStore(),
    counter: new MemoryRateCounter(clock),
    bus: new MemoryEventBus(),
  };
  const errors: unknown[][] = [];
  const config = loadConfig({
    BCRYPT_ROUNDS: '4',
    JWT_SECRET: TEST_JWT_SECRET,
    REFRESH_SECRET: TEST_REFRESH_SECRET,
    ...env,
  });
  const testing = await Test.createTestingModule({
    imports: [CommonModule, ConfigModule.forRoot(config), storesModule(fakes), AuthModule],
    controllers,
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .setLogger(recording(errors))
    .compile();
  const app = testing.createNestApplication<NestExpressApplication>({ bodyParser: false });
  configureHttp(app, config.server);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  return { app, http: supertest(url), url, clock, errors, ...fakes };
}

function recording(errors: unknown[][]): LoggerService {
  return { log: () => {}, warn: () => {}, error: (...line: unknown[]) => errors.push(line) };
}

function storesModule(fakes: Pick<AuthApp, 'users' | 'families' | 'keys' | 'counter' | 'bus'>) {
  const { users, families, keys, counter, bus } = fakes;
  const secrets: SecretStore = { load: async (name) => `a generated secret for ${name}, long enough` };
  const providers = [
    { provide: UserStore, useValue: users },
    { provide: TokenFamilyStore, useValue: families },
    { provide: ApiKeyStore, useValue: keys },
    { provide: RateCounter, useValue: counter },
    { provide: EventBus, useValue: bus },
    { provide: SecretStore, useValue: secrets },
  ];
  @Global()
  @Module({ providers, exports: providers })
  class TestStoresModule {}
  return TestStoresModule;
}
