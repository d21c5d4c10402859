import { Test } from '@nestjs/testing';
import { FakeUpstream } from '../../test/support/fake-upstream.js';
import { answerScript, failureScript } from '../../test/support/vendor-stream.js';
import { CommonModule } from '../common/common.module.js';
import { HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { ConfigModule } from '../config/config.module.js';
import { loadConfig } from '../config/load-config.js';
import { AiModule } from './ai.module.js';
import type { AnswerPart } from './answer-part.js';
import { ModelRouter } from './model-router.service.js';

const MOCK = { AI_MOCK_TOKEN_DELAY_MS: '0', AI_MOCK_FIRST_TOKEN_DELAY_MS: '0' };
const NEVER = new AbortController().signal;

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

async function answerOf(router: ModelRouter, content: string, model?: string): Promise<AnswerPart[]> {
  const request = { messages: [{ role: 'user' as const, content }], requestId: 'r', ...(model && { model }) };
  const parts: AnswerPart[] = [];
  await router.answer(request, NEVER, (batch) => void parts.push(...batch));
  return parts;
}

const servedBy = ({ router }: { router: ModelRouter }, requested?: string): string => {
  const { provider, id } = router.resolve(requested);
  return `${provider} as ${id}`;
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

  it('lists the defaults of the chain, the models of the table, and the mock', async () => {
    const { router } = await start({
      AI_PROVIDERS: 'groq,openai',
      GROQ_API_KEY: 'key',
      GROQ_MODEL: 'fast-one',
      OPENAI_API_KEY: 'key',
      OPENAI_MODEL: 'big-one',
      AI_CONTEXT_TOKENS: '9000',
      AI_MODEL_TABLE: JSON.stringify([
        { id: 'small-one', provider: 'openai', contextTokens: 500, capabilities: ['tools'] },
        { id: 'big-one', provider: 'openai', contextTokens: 50_000 },
      ]),
    });
    expect(router.list()).toEqual([
      { id: 'fast-one', provider: 'groq', contextTokens: 9000 },
      { id: 'big-one', provider: 'openai', contextTokens: 50_000 },
      { id: 'small-one', provider: 'openai', contextTokens: 500, capabilities: ['tools'] },
      { id: 'mock', provider: 'mock', contextTokens: 9000 },
    ]);
    expect(router.resolve('small-one')).toMatchObject({ provider: 'openai', contextTokens: 500 });
    expect(router.resolve('big-one')).toMatchObject({ provider: 'openai', contextTokens: 9000 });
  });

  it('announces the attempt, and streams the answer without signs of mere activity', async () => {
    const { router } = await start();
    expect(await answerOf(router, 'exactly: Hi')).toEqual([
      { type: 'attempt', n: 1, provider: 'mock', model: 'mock', mode: 'fresh', fromChars: 0, promptTokens: 4 },
      { type: 'text', text: 'Hi' },
      { type: 'usage', usage: { promptTokens: 2, completionTokens: 1, totalTokens: 3 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('ends a vendor that falls silent', async () => {
    const { router } = await start({ AI_FIRST_TOKEN_TIMEOUT_MS: '5', AI_MOCK_FIRST_TOKEN_DELAY_MS: '60000' });
    await expect(answerOf(router, 'Hi')).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' });
  });

  it('reports in its health how the last answer went', async () => {
    const upstream = await FakeUpstream.start();
    const vendor = { AI_PROVIDERS: 'openai', OPENAI_BASE_URL: `${upstream.url}/v1`, AI_RETRIES: '0' };
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
    const read = (signal: AbortSignal, model?: string) =>
      router.answer({ messages: [], requestId: 'r', ...(model && { model }) }, signal, () => undefined);
    await expect(read(NEVER, 'no-such-model')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(read(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect((await health()).status).toBe('healthy');
  });

  it('leaves out a vendor without key, and says in its health that the mock stands in', async () => {
    const { router, health } = await start({ AI_PROVIDER: 'groq' });
    expect(servedBy({ router })).toBe('mock as mock');
    expect(await health()).toEqual({
      status: 'degraded',
      providers: [
        { name: 'mock', status: 'healthy', circuit: 'closed' },
        { name: 'groq', status: 'unhealthy', circuit: 'closed', reason: 'not configured' },
      ],
      standIn: 'mock',
    });
  });

  it('asks no model for what its table says it cannot do', async () => {
    const { router } = await start({ AI_MODEL_TABLE: '[{"id":"mock","provider":"mock","capabilities":[]}]' });
    const request = { messages: [], requestId: 'r', tools: [{ name: 't', parameters: {} }] };
    const answer = router.answer(request, NEVER, () => undefined);
    await expect(answer).rejects.toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('tools') });
  });
});
