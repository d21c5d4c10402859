import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { CommonModule } from '../common/common.module.js';
import { HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { Lifecycle } from '../common/lifecycle.js';
import { RAW_RESPONSE } from '../common/raw.decorator.js';
import { ConfigModule } from '../config/config.module.js';
import { loadConfig } from '../config/load-config.js';
import { HealthController } from './health.controller.js';
import { HealthModule } from './health.module.js';

let app: INestApplication;
let database: ProbeReport;
let ai: ProbeReport;

async function start(): Promise<Lifecycle> {
  const config = ConfigModule.forRoot(loadConfig({ NODE_ENV: 'test' }));
  const testing = await Test.createTestingModule({ imports: [CommonModule, config, HealthModule] }).compile();
  app = testing.createNestApplication({ logger: false });
  const probes = app.get(HealthProbes);
  probes.register({ name: 'database', required: true, check: async () => database });
  probes.register({ name: 'ai', required: false, check: async () => ai });
  await app.init();
  return app.get(Lifecycle);
}

const get = (path: string) => request(app.getHttpServer()).get(path);

beforeEach(() => {
  database = { adapter: 'pglite' };
  ai = { providers: [{ name: 'mock', status: 'healthy', circuit: 'closed' }] };
});
afterEach(() => app.close());

describe('Talksy', () => {
  it('introduces itself, without an envelope', async () => {
    (await start()).markReady();
    const { body } = await get('/').expect(200).expect('Cache-Control', 'no-store');
    expect(body).toEqual({
      name: 'Talksy',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      status: 'running',
      docs: expect.any(String),
    });
    expect(Reflect.getMetadata(RAW_RESPONSE, HealthController)).toBe(true);
  });

  it('tells the phase it is in', async () => {
    const lifecycle = await start();
    expect((await get('/health')).body.status).toBe('starting');
    lifecycle.markReady();
    expect((await get('/health')).body).toEqual({ status: 'ok', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
    lifecycle.beginDraining();
    expect((await get('/').expect(200)).body.status).toBe('draining');
    await get('/health/live').expect(200, { status: 'alive' });
  });

  it('wants traffic only between start and drain', async () => {
    const lifecycle = await start();
    await get('/health/ready').expect(503, { status: 'starting' });
    lifecycle.markReady();
    await get('/health/ready').expect(200, { status: 'ready' });
    lifecycle.beginDraining();
    await get('/health/ready').expect(503, { status: 'draining' });
  });

  it('wants no traffic while a room is down that it needs', async () => {
    (await start()).markReady();
    ai = { status: 'unhealthy' };
    await get('/health/ready').expect(200);
    database = { status: 'unhealthy' };
    await get('/health/ready').expect(503, { status: 'unavailable', failing: ['database'] });
  });

  it('shows every check in detail', async () => {
    (await start()).markReady();
    const { body } = await get('/health/detailed').expect(200);
    expect(body).toMatchObject({
      status: 'healthy',
      environment: 'test',
      phase: 'ready',
      version: expect.any(String),
      timestamp: expect.any(String),
      uptime: expect.any(Number),
      node: expect.any(String),
      checks: {
        memory: { status: 'healthy', rssBytes: expect.any(Number) },
        eventLoop: { lagMs: expect.any(Number) },
        database: { status: 'healthy', adapter: 'pglite' },
        ai: { providers: [{ name: 'mock', circuit: 'closed' }] },
      },
    });
  });

  it('is degraded without a room it can do without, and unhealthy without one it needs', async () => {
    (await start()).markReady();
    ai = { status: 'unhealthy', reason: 'no answer within 1000 ms' };
    expect((await get('/health/detailed').expect(200)).body.status).toBe('degraded');
    database = { status: 'unhealthy' };
    expect((await get('/health/detailed').expect(503)).body).toMatchObject({
      status: 'unhealthy',
      checks: { database: { status: 'unhealthy' } },
    });
  });
});
