import { FakeUpstream, type UpstreamScript } from '../../test/support/fake-upstream.js';
import {
  answerChunks,
  answerScript,
  failureScript,
  silenceScript,
  streamSteps,
} from '../../test/support/vendor-stream.js';
import { within } from '../../test/support/within.js';
import { loadConfig } from '../config/load-config.js';
import type { AnswerPart } from './answer-part.js';
import { AttemptTiming } from './attempts/attempt-timing.js';
import { openChatModels } from './chat-models.js';
import { ModelRouter } from './model-router.service.js';
import { ProviderHealth } from './provider-health.js';

/** Pauses end at once, and are noted; chance always says one half. */
class NotedTiming extends AttemptTiming {
  readonly pauses: number[] = [];

  override random(): number {
    return 0.5;
  }

  override async pause(ms: number, signal: AbortSignal): Promise<void> {
    this.pauses.push(ms);
    signal.throwIfAborted();
  }
}

/** Says the texts and then breaks the connection. */
const breaking = (...texts: string[]): UpstreamScript => ({
  steps: [...streamSteps(answerChunks(texts).slice(0, -1)), 'reset'],
});

describe('A chain of providers', () => {
  let openai: FakeUpstream;
  let groq: FakeUpstream;
  let timing: NotedTiming;
  let health: ProviderHealth;

  beforeEach(async () => {
    openai = await FakeUpstream.start();
    groq = await FakeUpstream.start();
    timing = new NotedTiming();
  });
  afterEach(async () => {
    await openai.stop();
    await groq.stop();
  });

  async function chain(providers = 'openai,groq', env: Record<string, string> = {}): Promise<ModelRouter> {
    const config = loadConfig({
      AI_PROVIDERS: providers,
      OPENAI_BASE_URL: `${openai.url}/v1`,
      OPENAI_MODEL: 'big-one',
      GROQ_BASE_URL: groq.url,
      GROQ_MODEL: 'fast-one',
      AI_MOCK_TOKEN_DELAY_MS: '0',
      AI_MOCK_FIRST_TOKEN_DELAY_MS: '0',
      ...env,
    }).ai;
    health = new ProviderHealth(config);
    return new ModelRouter(await openChatModels(config), health, config, timing);
  }

  async function play(router: ModelRouter, content = 'Hello', signal = new AbortController().signal) {
    const request = { messages: [{ role: 'user' as const, content }], requestId: 'r' };
    const attempts: string[] = [];
    let text = '';
    let failure: unknown;
    const parts: AnswerPart[] = [];
    try {
      await router.answer(request, signal, (batch) => void parts.push(...batch));
    } catch (error) {
      failure = error;
    }
    for (const part of parts) {
      if (part.type === 'text') text += part.text;
      if (part.type === 'attempt') attempts.push(`${part.n} ${part.provider} ${part.mode} ${part.fromChars}`);
    }
    return { attempts, text, failure, last: parts.at(-1) };
  }

  it('tries the first again, and shows nothing of it but the attempts', async () => {
    openai.script(failureScript(503, '{}'), failureScript(429, '{}', { 'retry-after-ms': '40' }), answerScript(['Hi']));
    const { attempts, text, last } = await play(await chain());
    expect([attempts, text]).toEqual([['1 openai fresh 0', '2 openai fresh 0', '3 openai fresh 0'], 'Hi']);
    expect(last).toEqual({ type: 'finish', reason: 'stop' });
    expect(timing.pauses).toEqual([125, 40]);
    expect(health.factsOf('openai')).toMatchObject({ status: 'healthy', attempts: 3, failures: 2 });
  });

  it.each([400, 401, 403, 404, 413, 422])('asks the next, and not again, behind a %i', async (status) => {
    openai.script(failureScript(status, '{"error":{"message":"no"}}'));
    groq.script(answerScript(['Hi']));
    const { attempts, text } = await play(await chain());
    expect([attempts, text, openai.requests.length]).toEqual([['1 openai fresh 0', '2 groq fresh 0'], 'Hi', 1]);
  });

  it.each([408, 409, 429, 500, 502, 503, 504])('tries again behind a %i', async (status) => {
    openai.script(failureScript(status, '<html>busy</html>'), answerScript(['Hi']));
    expect((await play(await chain())).attempts).toEqual(['1 openai fresh 0', '2 openai fresh 0']);
  });

  it('tries again where nobody listens, and then asks the next with its own model', async () => {
    const router = await chain();
    await openai.stop();
    groq.script(answerScript(['Hi']));
    const { attempts, text } = await play(router);
    expect([attempts.length, attempts.at(-1), text]).toEqual([4, '4 groq fresh 0', 'Hi']);
    expect(groq.requests[0]!.body).toMatchObject({ model: 'fast-one' });
    openai = await FakeUpstream.start();
  });

  it('has the next go on behind what was said, as one text', async () => {
    openai.script(breaking('Once upon a time', ' there was a ser'));
    groq.script(answerScript(['there was a ser', 'ver.']));
    const { attempts, text, last } = await play(await chain());
    expect(attempts).toEqual(['1 openai fresh 0', '2 groq continue 32']);
    expect(text).toBe('Once upon a time there was a server.');
    expect(last).toEqual({ type: 'finish', reason: 'stop' });
    expect(groq.requests[0]!.body?.['messages']).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Once upon a time there was a ser' },
      { role: 'user', content: expect.stringContaining('cut off') },
    ]);
  });

  it('has the mock go on exactly where the vendor stopped', async () => {
    openai.script(breaking('one two th'));
    const { attempts, text } = await play(await chain('openai,mock'), 'Say exactly: one two three four');
    expect([attempts.at(-1), text]).toEqual(['2 mock continue 10', 'one two three four']);
  });

  it('never shows a second answer behind the first: who starts over is passed over', async () => {
    const begun = 'The answer to your question is a long one';
    openai.script(breaking(begun));
    groq.script(answerScript([`${begun.slice(0, 36)} not short at all.`]));
    const { attempts, text, failure } = await play(await chain());
    expect([attempts.length, text, failure]).toEqual([2, begun, expect.objectContaining({ code: 'PROVIDER_ERROR' })]);
  });

  it('fails with what was said kept where nobody can go on', async () => {
    openai.script(breaking('Half an ans'));
    groq.script(failureScript(401, '{}'));
    const { text, failure } = await play(await chain());
    expect([text, failure]).toEqual(['Half an ans', expect.objectContaining({ code: 'PROVIDER_ERROR' })]);
  });

  it('asks the next where the first says nothing, or stops saying anything', async () => {
    openai.script(silenceScript([]), silenceScript(['Well, ']));
    groq.script(answerScript(['Hi']));
    const quick = { AI_FIRST_TOKEN_TIMEOUT_MS: '150', AI_IDLE_TIMEOUT_MS: '150' };
    const router = await chain('openai,groq', quick);
    expect((await play(router)).attempts).toEqual(['1 openai fresh 0', '2 groq fresh 0']);
    expect((await play(router)).attempts).toEqual(['1 openai fresh 0', '2 groq continue 6']);
    for (const { closed } of openai.requests) expect(await within('hanging up', closed)).toBe('aborted');
  });

  it('asks nobody whose circuit is open, and sheds at once where all are', async () => {
    openai.script(failureScript(500, '{}'));
    groq.script(answerScript(['Hi']));
    const router = await chain('openai,groq', { AI_RETRIES: '0', AI_BREAKER_FAILURES: '2' });
    for (let time = 0; time < 3; time++) await play(router);
    expect(openai.requests).toHaveLength(2);
    expect(health.factsOf('openai')).toMatchObject({ status: 'unhealthy', circuit: 'open', attempts: 2, failures: 2 });
    groq.script(failureScript(500, '{}'));
    for (let time = 0; time < 2; time++) await play(router);
    const [requests, { attempts, failure }] = [groq.requests.length, await play(router)];
    expect([attempts, groq.requests.length]).toEqual([[], requests]);
    expect(failure).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryAfterMs: expect.any(Number) });
  });

  it('lets one request try a provider again when its pause is over', async () => {
    openai.script(failureScript(500, '{}'), answerScript(['back']));
    const router = await chain('openai', { AI_RETRIES: '0', AI_BREAKER_FAILURES: '1', AI_BREAKER_OPEN_MS: '1' });
    await play(router);
    for (;;) {
      const { text } = await play(router);
      if (text === 'back') break;
    }
    expect(health.factsOf('openai')).toMatchObject({ status: 'healthy', circuit: 'closed' });
  });

  it('stops at once when the user does, in an answer or in a pause, and blames nobody', async () => {
    openai.script(silenceScript(['Well, ']));
    const stop = new AbortController();
    const router = await chain();
    const answer = play(router, 'Hello', stop.signal);
    await openai.received(1);
    stop.abort(new Error('enough'));
    expect((await within('the stop', answer)).failure).toMatchObject({ message: 'enough' });
    expect(await within('hanging up', openai.requests[0]!.closed)).toBe('aborted');
    expect(health.factsOf('openai')).toMatchObject({ status: 'healthy', failures: 0 });

    const pause = new AttemptTiming().pause(60_000, AbortSignal.timeout(5));
    await expect(within('the end of the pause', pause)).rejects.toThrow('timeout');
  });
});
