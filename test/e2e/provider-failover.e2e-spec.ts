import { AssistantClient, register } from '../support/assistant-client.js';
import { FakeUpstream } from '../support/fake-upstream.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { answerChunks, answerScript, failureScript, streamSteps } from '../support/vendor-stream.js';

describe('With a chain of providers, Talksy', () => {
  let openai: FakeUpstream;
  let groq: FakeUpstream;
  let app: TestApp;
  let client: AssistantClient;

  beforeAll(async () => {
    openai = await FakeUpstream.start();
    groq = await FakeUpstream.start();
    app = await startTalksy({
      AI_PROVIDERS: 'openai,groq',
      AI_RETRIES: '0',
      OPENAI_BASE_URL: `${openai.url}/v1`,
      OPENAI_MODEL: 'big-one',
      GROQ_BASE_URL: groq.url,
      GROQ_MODEL: 'fast-one',
    });
    client = await AssistantClient.connect(app.url, await register(app.url));
  }, 60_000);
  afterAll(async () => {
    client.close();
    await app.close();
    await openai.stop();
    await groq.stop();
  });

  const breaking = (text: string) => ({ steps: [...streamSteps(answerChunks([text]).slice(0, -1)), 'reset' as const] });

  it('lets nobody see that the first one failed', async () => {
    openai.script(failureScript(500, '{}'));
    groq.script(answerScript(['Hello', ' there']));
    const { text, end } = await client.stream('hi');
    expect(text).toBe('Hello there');
    expect(end).toMatchObject({ finishReason: 'stop', provider: 'groq', model: 'fast-one' });
    expect(end).not.toHaveProperty('error');
  });

  it('goes on with the next behind what was said, as one text, and counts both', async () => {
    openai.script(breaking('The first half and '));
    groq.script(answerScript(['the second.']));
    const { text, end, start } = await client.stream('hi');
    expect(text).toBe('The first half and the second.');
    expect(end).toMatchObject({ finishReason: 'stop', provider: 'groq', usage: { estimated: true } });
    expect(end.usage.completionTokens).toBeGreaterThan(1);
    const { data: history } = await client.ask('get_history', { conversationId: start.conversationId, limit: 1 });
    expect(history[0]).toMatchObject({ content: text, usage: end.usage });
  });

  it('keeps what was said where nobody can go on', async () => {
    openai.script(breaking('Half an ans'));
    groq.script(failureScript(401, '{}'));
    const { text, end, start } = await client.stream('hi');
    expect([text, end.finishReason, end.error.code]).toEqual(['Half an ans', 'error', 'PROVIDER_ERROR']);
    const { data: history } = await client.ask('get_history', { conversationId: start.conversationId, limit: 1 });
    expect(history[0]).toMatchObject({ content: 'Half an ans', status: 'failed' });
  });

  it('says in its health whose circuit is open, and answers all the same', async () => {
    openai.script(failureScript(503, '{}'));
    groq.script(answerScript(['Hi']));
    for (let time = 0; time < 6; time++) expect((await client.stream('hi')).text).toBe('Hi');
    const health = (await (await fetch(`${app.url}/health/detailed`)).json()) as {
      status: string;
      checks: { ai: object };
    };
    expect(health.status).toBe('degraded');
    expect(health.checks.ai).toMatchObject({
      providers: [
        { name: 'openai', status: 'unhealthy', circuit: 'open' },
        { name: 'groq', status: 'healthy', circuit: 'closed' },
      ],
    });
  });
});
