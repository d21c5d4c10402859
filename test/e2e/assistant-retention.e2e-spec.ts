import { AssistantClient, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const WORDS = 'The log is gone, the message stays: every chunk 😀 where it was, and the end as well.';

describe('An answer whose log has gone', () => {
  let app: TestApp;

  beforeAll(
    async () => void (app = await startTalksy({ AI_MOCK_TOKEN_DELAY_MS: '10', RUN_LOG_RETENTION_MS: '0' })),
    60_000,
  );
  afterAll(() => app.close());

  it('is resumed from the stored message, with the same indices and seqs', async () => {
    const client = await AssistantClient.connect(app.url, await register(app.url));
    const { start, end } = await client.stream(`exactly: ${WORDS}`);
    const chunks = client.of('stream_chunk', start.runId);
    await client.ask('resume_stream', { runId: start.runId, afterIndex: 0 });
    await client.until(() => client.of('stream_end', start.runId).length === 2);
    expect(client.of('stream_end', start.runId)[1]).toEqual(end);
    expect(client.of('stream_chunk', start.runId)).toEqual([...chunks, ...chunks.slice(1)]);
    client.close();
  });
});
