import type { Socket as TcpSocket } from 'node:net';
import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const KIB = 1024;
/** Answers of more than half a megabyte each: together more than the kernel takes for a connection that is not read. */
const ANSWERS = 16;
const WORDS = 90_000;
const LIMIT_MS = 60_000;

describe('A client that does not read', () => {
  let app: TestApp;
  let account: Account;
  /** The server's ends of the connections, in the order in which they came. */
  const ends: TcpSocket[] = [];
  const endOf = (runId: string) => (event: string, payload: Payload) =>
    event === 'stream_end' && payload.runId === runId;

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKENS: String(WORDS), RUN_TIMEOUT_MS: String(LIMIT_MS) });
    app.app.getHttpServer().on('upgrade', (_request: unknown, end: TcpSocket) => void ends.push(end));
    account = await register(app.url);
  }, LIMIT_MS);
  afterAll(() => app.close());

  it('costs the server no more than 64 KiB, holds nobody up, and loses nothing', async () => {
    const slow = await AssistantClient.connect(app.url, account);
    const quick = await AssistantClient.connect(app.url, account);
    const runs: string[] = [];
    slow.pauseReading();
    for (let i = 0; i < ANSWERS; i++) {
      const { runId } = (await quick.ask('user_message_stream', { text: `tell me everything, ${i}` })).data;
      slow.send('resume_stream', { runId });
      runs.push(runId);
      await quick.until(endOf(runId), LIMIT_MS);
    }
    const all = runs.reduce((sum, runId) => sum + quick.textOf(runId).length, 0);
    const [held] = ends;
    expect(held!.bytesWritten).toBeLessThan(all);
    expect(held!.writableLength).toBeLessThanOrEqual(64 * KIB);
    slow.resumeReading();
    for (const runId of runs) {
      await slow.until(endOf(runId), LIMIT_MS);
      expect(slow.textOf(runId)).toBe(quick.textOf(runId));
    }
    [slow, quick].forEach((client) => client.close());
  }, 120_000);
});
