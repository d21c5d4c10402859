import { createServer, type AddressInfo } from 'node:net';
import { serve } from '../../src/serve.js';
import { QUICK } from '../support/talksy-app.js';
import { temporaryFolder } from '../support/talksy-process.js';

describe('Serving', () => {
  const before = { ...process.env };
  const folder = temporaryFolder();
  const lines = { out: [] as string[], err: [] as string[] };
  const context = {
    isTerminal: false,
    out: (line: string) => lines.out.push(line),
    err: (line: string) => lines.err.push(line),
  };
  const given = (env: Record<string, string>): void =>
    void Object.assign(process.env, QUICK, { DATA_DIR: folder.path }, env);

  afterEach(() => {
    process.env = { ...before };
    lines.out.length = lines.err.length = 0;
  });
  afterAll(folder.remove);

  it('greets, names variables that look misspelt, and stops', async () => {
    given({ AI_PROVIDR: 'openai' });
    const server = await serve(context);
    expect(lines.err).toEqual(['AI_PROVIDR is not a variable of Talksy; did you mean AI_PROVIDER?']);
    expect(lines.out.join()).toContain(server!.url);
    expect(lines.out.join()).toContain('PGlite');
    await server!.stop();
    await expect(fetch(server!.url)).rejects.toThrow();
  }, 60_000);

  it('says in one line why it cannot start', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    for (const [env, hint] of [
      [{ PORT: String(port) }, `PORT ${port} is taken`],
      [{ PORT: '0', HOST: '192.0.2.1' }, 'HOST 192.0.2.1 is no address of this machine'],
      [{ PORT: '0', HOST: '127.0.0.1', DATABASE_URL: 'postgres://127.0.0.1:1/none' }, 'DATABASE_URL'],
      [{ LOG_LEVEL: 'shout' }, 'LOG_LEVEL'],
    ] as const) {
      given(env);
      expect(await serve(context)).toBeUndefined();
      expect(lines.err.splice(0)).toEqual([expect.stringContaining(hint)]);
    }
    other.close();
  }, 60_000);
});
