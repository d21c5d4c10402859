import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { type Account, AssistantClient, type Payload, register } from '../../support/assistant-client.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

/** What of an error tells anything: its request id is different each time. */
const told = ({ ok, error: { requestId: _id, ...error } }: Payload): Payload => ({ ok, error });

describe('Talksy, asked for what is somebody else’s,', () => {
  let server: TestApp;
  let owner: AssistantClient;
  let thief: AssistantClient;
  let thiefAccount: Account;
  let run: Payload;

  beforeAll(async () => {
    server = await startTalksy();
    owner = await AssistantClient.connect(server.url, await register(server.url));
    thiefAccount = await register(server.url);
    thief = await AssistantClient.connect(server.url, thiefAccount);
    run = (await owner.stream('exactly: a secret')).start;
  });
  afterAll(async () => {
    owner.close();
    thief.close();
    await server.close();
  });

  it('answers as if the session did not exist', async () => {
    const ask = async (sessionId: string) => {
      const client = await AssistantClient.connect(server.url, thiefAccount, { sessionId });
      const { event } = client.received.find((received) => received.event.startsWith('SESSION_'))!;
      const facts = [event, Object.keys(client.session).sort(), client.session.sessionId === sessionId];
      client.close();
      return facts;
    };
    const theirs = await ask(owner.session.sessionId);
    expect(theirs).toEqual(await ask(randomUUID()));
    expect(theirs).toEqual(['SESSION_CREATED', ['expiresAt', 'sessionId'], false]);
  });

  it('answers as if the conversation did not exist', async () => {
    for (const [event, more] of [
      ['get_history', {}],
      ['user_message', { text: 'hello' }],
      ['user_message_stream', { text: 'hello' }],
    ] as const) {
      const ask = (conversationId: string) => thief.ask(event, { ...more, conversationId });
      const theirs = told(await ask(run.conversationId));
      expect([event, theirs]).toEqual([event, told(await ask(v7()))]);
      expect(theirs.error.code).toBe('CONVERSATION_NOT_FOUND');
    }
  });

  it('answers as if the run did not exist', async () => {
    for (const event of ['resume_stream', 'stop_stream']) {
      const theirs = told(await thief.ask(event, { runId: run.runId }));
      expect([event, theirs]).toEqual([event, told(await thief.ask(event, { runId: v7() }))]);
      expect(theirs.error.code).toBe('RUN_NOT_FOUND');
    }
    expect(thief.of('stream_chunk')).toEqual([]);
  });
});
