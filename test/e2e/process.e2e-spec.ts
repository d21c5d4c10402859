import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { AssistantClient, register } from '../support/assistant-client.js';
import { TalksyProcess, temporaryFolder } from '../support/talksy-process.js';

const START_MS = 60_000;

describe('The server as a process', () => {
  const folders: { path: string; remove: () => void }[] = [];
  const running: TalksyProcess[] = [];
  const folder = (): string => {
    const made = temporaryFolder();
    folders.push(made);
    return made.path;
  };
  const start = async (env: Record<string, string>): Promise<TalksyProcess> => {
    const server = await TalksyProcess.start(env);
    running.push(server);
    return server;
  };

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.end('SIGKILL')));
    folders.splice(0).forEach(({ remove }) => remove());
  });

  it(
    'greets with one short banner and ends cleanly on SIGTERM',
    async () => {
      const dataDir = folder();
      const server = await start({ DATA_DIR: dataDir, LOG_LEVEL: 'info' });
      expect(server.out.trim().split('\n').length).toBeLessThan(10);
      for (const fact of ['mock', 'memory', 'PGlite', dataDir, 'http://localhost:', 'README.md'])
        expect(server.out).toContain(fact);
      expect((await (await fetch(`${server.url}/health/ready`)).json()) as object).toMatchObject({ status: 'ready' });
      expect(await server.end()).toBe(0);
      expect(server.err).toBe('');
    },
    START_MS,
  );

  it.each<[string, () => Promise<[Record<string, string>, string]>]>([
    [
      'its port is taken',
      async () => {
        const other = createServer().listen(0, '127.0.0.1');
        await new Promise((resolve) => other.once('listening', resolve));
        other.unref();
        const { port } = other.address() as AddressInfo;
        return [{ PORT: String(port), DATA_DIR: folder() }, `PORT ${port} is taken`];
      },
    ],
    ['a variable is bad', async () => [{ PORT: 'three', DATA_DIR: folder() }, 'PORT must be a number']],
    [
      'production has no secret',
      async () => [{ NODE_ENV: 'production', DATA_DIR: folder() }, 'JWT_SECRET must be set'],
    ],
    [
      'its data folder is in use',
      async () => {
        const dataDir = folder();
        await start({ DATA_DIR: dataDir });
        return [{ DATA_DIR: dataDir }, 'is in use by process'];
      },
    ],
    ['its data folder cannot be made', async () => [{ DATA_DIR: '/dev/null/data' }, 'DATA_DIR']],
    [
      'its database does not answer',
      async () => [{ DATABASE_URL: 'postgres://127.0.0.1:1/none', DATA_DIR: folder() }, 'DATABASE_URL'],
    ],
  ])(
    'says in one line what to mend, and exits with 1, when %s',
    async (_when, given) => {
      const [env, hint] = await given();
      const server = TalksyProcess.spawn(env);
      running.push(server);
      expect(await server.exited).toBe(1);
      expect(server.err.trim().split('\n')).toEqual([expect.stringContaining(hint)]);
      expect(server.out).toBe('');
    },
    START_MS,
  );

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
    'lets answers in flight finish before it ends',
    async () => {
      const server = await start({ DATA_DIR: folder(), AI_MOCK_TOKEN_DELAY_MS: '10', SHUTDOWN_GRACE_MS: '10000' });
      const client = await AssistantClient.connect(server.url!, await register(server.url!));
      const { data } = await client.ask('user_message_stream', { text: 'Tell me a story.' });
      const ended = server.end();
      const end = await client.until((event, payload) => event === 'stream_end' && payload.runId === data.runId);
      expect(end.finishReason).toBe('stop');
      expect(client.textOf(data.runId).split(/\s+/)).toHaveLength(60);
      expect(await ended).toBe(0);
      client.close();
    },
    START_MS,
  );
});
