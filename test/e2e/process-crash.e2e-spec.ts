import OpenAI from 'openai';
import { AssistantClient, register } from '../support/assistant-client.js';
import { ProcessFolder } from '../support/process-folder.js';
import type { TalksyProcess } from '../support/talksy-process.js';

const START_MS = 60_000;

/** Without Redis and PostgreSQL servers: everything that is left after kill -9 is in the data folder. */
describe('The server as a process, killed and started again,', () => {
  const processes = new ProcessFolder();
  const folder = (): string => processes.make();
  const start = (env: Record<string, string>): Promise<TalksyProcess> => processes.start(env);

  afterEach(() => processes.clear());

  it(
    'keeps accounts, conversations and interrupted answers through kill -9, and continues them',
    async () => {
      const env = { DATA_DIR: folder(), AI_MOCK_TOKEN_DELAY_MS: '25', AI_MOCK_TOKENS: '60' };
      const first = await start(env);
      const account = await register(first.url!);
      const client = await AssistantClient.connect(first.url!, account);
      const { data: whole } = await client.ask('user_message', { text: 'exactly: a finished answer' });
      const { data: begun } = await client.ask('user_message_stream', {
        text: 'Tell me a long story.',
        messageId: 'story',
      });
      await client.until(
        (event, payload) => event === 'stream_chunk' && payload.runId === begun.runId && payload.index >= 20,
      );
      await first.end('SIGKILL');
      const shown = client.textOf(begun.runId);
      client.close();

      const second = await start(env);
      const login = await fetch(`${second.url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: account.email, password: 'correct horse battery' }),
      });
      expect(login.status).toBe(200);
      const back = await AssistantClient.connect(second.url!, account);
      await back.ask('resume_stream', { runId: begun.runId });
      const interrupted = await back.until((event, payload) => event === 'stream_end' && payload.runId === begun.runId);
      expect(interrupted).toMatchObject({
        finishReason: 'interrupted',
        error: { code: 'RUN_INTERRUPTED' },
        text: expect.any(String),
      });
      expect(back.textOf(begun.runId)).toBe(interrupted.text);
      expect(interrupted.text.length).toBeGreaterThan(0);
      expect(shown.startsWith(interrupted.text) || interrupted.text.startsWith(shown)).toBe(true);

      const { continuedBy } = interrupted;
      await back.ask('resume_stream', { runId: continuedBy });
      const end = await back.until((event, payload) => event === 'stream_end' && payload.runId === continuedBy);
      expect(end).toMatchObject({ finishReason: 'stop' });
      expect(back.of('stream_start', continuedBy)[0]).toMatchObject({ continues: begun.runId });
      const text = back.textOf(continuedBy);
      expect(text.startsWith(interrupted.text)).toBe(true);
      expect(text.split(/\s+/)).toHaveLength(60);

      const { data: history } = await back.ask('get_history', { conversationId: begun.conversationId });
      expect(history.map((message: { content: string; status: string }) => [message.content, message.status])).toEqual([
        ['exactly: a finished answer', 'complete'],
        [whole.text, 'complete'],
        ['Tell me a long story.', 'complete'],
        [text, 'complete'],
      ]);
      const { data: again } = await back.ask('user_message_stream', {
        text: 'Tell me a long story.',
        messageId: 'story',
      });
      expect(again.runId).toBe(begun.runId);
      back.close();
    },
    START_MS,
  );

  it(
    'only marks an interrupted answer where it is told not to continue',
    async () => {
      const env = { DATA_DIR: folder(), AI_MOCK_TOKEN_DELAY_MS: '25', RUN_RECOVERY: 'interrupt' };
      const first = await start(env);
      const account = await register(first.url!);
      const client = await AssistantClient.connect(first.url!, account);
      const { data: begun } = await client.ask('user_message_stream', { text: 'Tell me a long story.' });
      await client.until((event, payload) => event === 'stream_chunk' && payload.index >= 15);
      await first.end('SIGKILL');
      const second = await start(env);
      const back = await AssistantClient.connect(second.url!, account);
      await back.ask('resume_stream', { runId: begun.runId });
      const end = await back.untilEvent('stream_end');
      expect(end).toMatchObject({ finishReason: 'interrupted' });
      expect(end).not.toHaveProperty('continuedBy');
      expect((await back.ask('stop_stream', { runId: begun.runId })).data).toMatchObject({ status: 'already_ended' });
      back.close();
    },
    START_MS,
  );

  it(
    'goes on with a background response under its own id, and refuses to resume where its text may have changed',
    async () => {
      const text = Array.from({ length: 80 }, (_, i) => `word${i} 😀`).join(' ');
      const env = { DATA_DIR: folder(), AI_MOCK_TOKEN_DELAY_MS: '25' };
      const first = await start(env);
      const { accessToken: apiKey } = await register(first.url!);
      const before = new OpenAI({ apiKey, baseURL: `${first.url}/v1`, maxRetries: 0 });
      const stream = await before.responses.create({
        model: 'mock',
        input: `exactly: ${text}`,
        background: true,
        stream: true,
      });
      let id = '';
      let last = 0;
      const watching = (async () => {
        for await (const event of stream) {
          if (event.type === 'response.created') id = event.response.id;
          last = event.sequence_number;
          if (last === 40) await first.end('SIGKILL');
        }
      })();
      await watching.catch(() => undefined);
      expect(last).toBeGreaterThanOrEqual(40);

      const second = await start(env);
      const after = new OpenAI({ apiKey, baseURL: `${second.url}/v1`, maxRetries: 0 });
      let response = await after.responses.retrieve(id);
      while (response.status === 'in_progress') response = await after.responses.retrieve(id);
      expect(response).toMatchObject({ status: 'completed', output_text: text });
      let [replayed, count] = ['', 0];
      for await (const event of await after.responses.retrieve(id, { stream: true })) {
        expect(event.sequence_number).toBe(count++);
        if (event.type === 'response.output_text.delta') replayed += event.delta;
      }
      expect(replayed).toBe(text);
      const refused = after.responses.retrieve(id, { stream: true, starting_after: count - 2 });
      await expect(refused).rejects.toMatchObject({ status: 409 });
      const firm: number[] = [];
      for await (const event of await after.responses.retrieve(id, { stream: true, starting_after: 5 }))
        firm.push(event.sequence_number);
      expect(firm).toEqual(Array.from({ length: count - 6 }, (_, at) => at + 6));
    },
    START_MS,
  );
});
