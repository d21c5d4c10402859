import { Test } from '@nestjs/testing';
import { FakeUpstream } from '../../test/support/fake-upstream.js';
import { answerScript, failureScript } from '../../test/support/vendor-stream.js';
import { CommonModule } from '../common/common.module.js';
import { HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { ConfigModule } from '../config/config.module.js';
import { loadConfig } from '../config/load-config.js';
import { AiModule } from './ai.module.js';
import { ChatModel, type ModelPart } from './chat-model.port.js';
import { ModelRouter } from './model-router.service.js';

const MOCK = { AI_MOCK_TOKEN_DELAY_MS: '0', AI_MOCK_FIRST_TOKEN_DELAY_MS: '0' };

async function start(environment: Record<string, string> = {}) {
  const config = loadConfig({ NODE_ENV: 'test', ...MOCK, ...environment });
  const imports = [ConfigModule.forRoot(config), CommonModule, AiModule];
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  const router = app.get(ModelRouter);
  const probe = app
    .get(HealthProbes)
    .all()
    .find(({ name }) => name === 'ai')!;
  return { router, health: (): Promise<ProbeReport> => probe.check(), required: probe.required };
}

async function answerOf(
  router: ModelRouter,
  content: string,
  requested?: string,
  model?: ChatModel,
): Promise<ModelPart[]> {
  const resolved = router.resolve(requested);
  const request = { model: resolved.modelName, messages: [{ role: 'user' as const, content }], requestId: 'r' };
  const parts: ModelPart[] = [];
  for await (const batch of router.stream(model ?? resolved.model, request, new AbortController().signal))
    parts.push(...batch);
  return parts;
}

const servedBy = ({ router }: { router: ModelRouter }, requested?: string): string => {
  const { model, modelName } = router.resolve(requested);
  return `${model.name} as ${modelName}`;
};

describe('The model router', () => {
  it('serves the mock under its names and aliases while it is the provider', async () => {
    const server = await start();
    expect([undefined, 'mock', 'mock-tiny', 'gpt-4o'].map((name) => servedBy(server, name))).toEqual([
      'mock as mock',
      'mock as mock',
      'mock as mock-tiny',
      'mock as gpt-4o',
    ]);
  });

  it.each(['openai', 'groq'])(
    'serves %s under the configured name, and still the mock under its own',
    async (vendor) => {
      const prefix = vendor.toUpperCase();
      const server = await start({ AI_PROVIDER: vendor, [`${prefix}_API_KEY`]: 'key', [`${prefix}_MODEL`]: 'big-one' });
      expect([undefined, 'big-one', 'mock'].map((name) => servedBy(server, name))).toEqual([
        `${vendor} as big-one`,
        `${vendor} as big-one`,
        'mock as mock',
      ]);
      expect(() => server.router.resolve('gpt-4o')).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }));
    },
  );

  it('refuses a model that nobody serves, by name', async () => {
    const { router } = await start();
    expect(() => router.resolve('no-such-model')).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_ERROR',
        message: expect.stringContaining('no-such-model'),
        details: [expect.objectContaining({ field: 'model' })],
      }),
    );
  });

  it('streams the answer, without signs of mere activity', async () => {
    const { router } = await start();
    expect(await answerOf(router, 'exactly: Hi')).toHaveLength(3);
    class Thinker extends ChatModel {
      override readonly name = 'thinker';
      override readonly defaultModel = 'thinker';
      override async *stream(): AsyncIterable<readonly ModelPart[]> {
        yield [{ type: 'activity' }];
        yield [{ type: 'finish', reason: 'stop' }];
      }
    }
    expect(await answerOf(router, 'Hi', undefined, new Thinker())).toEqual([{ type: 'finish', reason: 'stop' }]);
  });

  it('ends a vendor that falls silent', async () => {
    const { router } = await start({ AI_FIRST_TOKEN_TIMEOUT_MS: '5', AI_MOCK_FIRST_TOKEN_DELAY_MS: '60000' });
    await expect(answerOf(router, 'Hi')).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' });
  });

  it('reports in its health how the last answer went', async () => {
    const upstream = await FakeUpstream.start();
    const vendor = { AI_PROVIDER: 'openai', OPENAI_BASE_URL: `${upstream.url}/v1`, OPENAI_API_KEY: 'key' };
    const { router, health, required } = await start(vendor);
    const report = (status: string) => ({ status, providers: [{ name: 'openai', status, circuit: 'closed' }] });
    expect(required).toBe(false);
    expect(await health()).toEqual(report('healthy'));
    upstream.script(failureScript(500, '{}'), answerScript(['Hi']));
    await expect(answerOf(router, 'Hi')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    expect(await health()).toEqual(report('degraded'));
    await answerOf(router, 'Hi');
    expect(await health()).toEqual(report('healthy'));
    await upstream.stop();
  });

  it('does not blame the provider for a stop or a client’s mistake', async () => {
    const { router, health } = await start();
    const { model } = router.resolve();
    const request = { model: 'no-such-model', messages: [], requestId: 'r' };
    const read = async (signal: AbortSignal) => {
      for await (const _batch of router.stream(model, request, signal));
    };
    await expect(read(new AbortController().signal)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(read(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect((await health()).status).toBe('healthy');
  });
});
