import { AssistantClient, register } from '../support/assistant-client.js';
import { FakeUpstream } from '../support/fake-upstream.js';
import { rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { answerScript, failureScript } from '../support/vendor-stream.js';

describe('With CONVERSATION_TITLES=model, Talksy', () => {
  let upstream: FakeUpstream;
  let app: TestApp;
  let client: AssistantClient;
  let credential: string;
  const titleOf = async (id: string): Promise<string> =>
    (await rest(app.url, ['GET', `/api/conversations/${id}`], { credential })).body.title;
  const untilTitled = async (id: string, title: string): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while ((await titleOf(id)) !== title && Date.now() < deadline);
    expect(await titleOf(id)).toBe(title);
  };

  beforeAll(async () => {
    upstream = await FakeUpstream.start();
    app = await startTalksy({
      AI_PROVIDER: 'openai',
      AI_FALLBACK: 'false',
      AI_RETRIES: '0',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      OPENAI_API_KEY: 'sk-test',
      CONVERSATION_TITLES: 'model',
    });
    const account = await register(app.url);
    credential = account.accessToken;
    client = await AssistantClient.connect(app.url, account);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await app.close();
    await upstream.stop();
  });

  it('has the model name a conversation once its first answer stands, and never again', async () => {
    upstream.script(answerScript(['It is 42.']), answerScript(['"The meaning of it all"\n', 'more']));
    const { start } = await client.stream('What is the meaning of it all, if I may ask?');
    await untilTitled(start.conversationId, 'The meaning of it all');
    const { messages } = upstream.requests.at(-1)!.body as { messages: { content: string }[] };
    expect(messages.map(({ content }) => content)).toContain('It is 42.');
    const asked = upstream.requests.length;
    await client.stream('And now?', { conversationId: start.conversationId });
    expect(upstream.requests).toHaveLength(asked + 1);
  });

  it('leaves the title that somebody gave meanwhile, and that of the first message where the model fails', async () => {
    let name = (): void => {};
    const named = new Promise<void>((resolve) => (name = resolve));
    upstream.script(answerScript(['Yes.']), { ...answerScript(['Too late']), after: named });
    const asked = upstream.requests.length;
    const fresh = await AssistantClient.connect(app.url, { ...(await register(app.url)), accessToken: credential });
    const { start } = await fresh.stream('Mine?');
    await upstream.received(asked + 2);
    const path = `/api/conversations/${start.conversationId}`;
    await rest(app.url, ['PATCH', path], { credential, body: { title: 'My own' } });
    name();
    await upstream.requests.at(-1)!.closed;
    fresh.close();
    upstream.script(answerScript(['Yes.']), failureScript(500, '{}'));
    const other = await AssistantClient.connect(app.url, { ...(await register(app.url)), accessToken: credential });
    const failed = await other.stream('No title?');
    await upstream.received(asked + 4);
    await upstream.requests.at(-1)!.closed;
    other.close();
    expect(await titleOf(start.conversationId)).toBe('My own');
    expect(await titleOf(failed.start.conversationId)).toBe('No title?');
  });
});
