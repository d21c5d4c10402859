import { AssistantClient, register } from '../support/assistant-client.js';
import { startTalksy } from '../support/talksy-app.js';

describe('A server that is told to stop', () => {
  it('answers every message that was on its way, or says that it is shutting down', async () => {
    const app = await startTalksy({ SHUTDOWN_GRACE_MS: '10000', RUN_MAX_CONCURRENT_PER_USER: '8' });
    const account = await register(app.url);
    const clients = await Promise.all(Array.from({ length: 8 }, () => AssistantClient.connect(app.url, account)));
    const acks = clients.map((client) => client.ask('user_message_stream', { text: 'exactly: just in time' }));
    await clients[0]!.until((event) => event === 'stream_start');
    const stopped = app.close();
    for (const [i, ack] of (await Promise.all(acks)).entries()) {
      if (!ack.ok) {
        expect(ack.error.code).toBe('SHUTTING_DOWN');
        continue;
      }
      const { runId } = ack.data;
      const end = await clients[i]!.until((event, { runId: of }) => event === 'stream_end' && of === runId);
      expect(end.finishReason).toBe('stop');
      expect(clients[i]!.textOf(runId)).toBe('just in time');
    }
    await stopped;
    clients.forEach((client) => client.close());
  });
});
