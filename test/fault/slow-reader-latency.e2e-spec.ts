import { type Account, AssistantClient, type Payload, register } from '../support/assistant-client.js';
import { TalksyProcess, temporaryFolder } from '../support/talksy-process.js';

const isFull = process.env['TALKSY_FAULTS'] === 'full';

const READERS = 200;
const ROUNDS = 5;
const TOKEN_MS = 40;
const TOKENS = 120;
/** What one that does not read may cost the others. */
const MOST = 1.1;

/** In the full form only: it takes a minute, and a machine that does nothing else. */
describe('A client that does not read', () => {
  it('slows two hundred others by less than a tenth', async () => {
    if (!isFull) return;
    const folder = temporaryFolder();
    const env = { AI_MOCK_TOKENS: String(TOKENS), AI_MOCK_TOKEN_DELAY_MS: String(TOKEN_MS), DATA_DIR: folder.path };
    const server = await TalksyProcess.start({ ...env, RUN_MAX_CONCURRENT_PER_USER: '10' });
    const account = await register(server.url!);
    const connect = () => AssistantClient.connect(server.url!, account);
    const readers = await Promise.all(Array.from({ length: READERS }, connect));
    try {
      // The first answer only warms up. Then with and without, in turns.
      await p99Of(readers, account, server.url!, false);
      const [alone, beside]: number[][] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        alone!.push(await p99Of(readers, account, server.url!, false));
        beside!.push(await p99Of(readers, account, server.url!, true));
      }
      const ratio = medianOf(beside!) / medianOf(alone!);
      const figures = `p99 ${medianOf(alone!).toFixed(1)} ms alone, ${medianOf(beside!).toFixed(1)} ms beside it`;
      process.stderr.write(`${READERS} readers, one that does not read: ${figures}, ratio ${ratio.toFixed(3)}\n`);
      expect(ratio).toBeLessThan(MOST);
    } finally {
      readers.forEach((reader) => reader.close());
      await server.end('SIGKILL');
      folder.remove();
    }
  }, 300_000);
});

/** The time between two chunks that 99 of 100 are within, over all readers of one answer, in ms. */
async function p99Of(readers: AssistantClient[], account: Account, url: string, withSlow: boolean): Promise<number> {
  const slow = withSlow ? await AssistantClient.connect(url, account) : undefined;
  const asker = await AssistantClient.connect(url, account);
  const { runId } = (await asker.ask('user_message_stream', { text: 'Tell me a story.', conversationId: null })).data;
  slow?.send('resume_stream', { runId });
  slow?.pauseReading();
  const gaps: number[] = [];
  await Promise.all(
    readers.map(async (reader) => {
      let last = 0;
      await reader.ask('resume_stream', { runId });
      await reader.until((event, payload: Payload) => {
        if (payload?.runId !== runId) return false;
        const now = performance.now();
        // What was written before this reader came is there at once.
        if (event === 'stream_chunk' && payload.index > TOKENS / 4) gaps.push(now - last);
        last = now;
        return event === 'stream_end';
      });
    }),
  );
  [slow, asker].forEach((client) => client?.close());
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.99)]!;
}

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
