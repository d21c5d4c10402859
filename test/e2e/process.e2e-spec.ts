import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { AssistantClient, register } from '../support/assistant-client.js';
import { ProcessFolder } from '../support/process-folder.js';
import { TalksyProcess } from '../support/talksy-process.js';

const START_MS = 60_000;

describe('The server as a process', () => {
  const processes = new ProcessFolder();
  const folder = (): string => processes.make();
  const start = (env: Record<string, string>): Promise<TalksyProcess> => processes.start(env);

  afterEach(() => processes.clear());

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
      const server = processes.watch(TalksyProcess.spawn(env));
      expect(await server.exited).toBe(1);
      expect(server.err.trim().split('\n')).toEqual([expect.stringContaining(hint)]);
      expect(server.out).toBe('');
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
