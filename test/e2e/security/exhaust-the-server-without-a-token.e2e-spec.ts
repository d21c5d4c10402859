import { AssistantClient, register } from '../../support/assistant-client.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';

const MANY = 500;

describe('Talksy, called by five hundred who have no token,', () => {
  let server: TestApp;

  beforeAll(async () => void (server = await startTalksy()));
  afterAll(() => server.close());

  it('refuses each, keeps none of them, and serves who belongs meanwhile', async () => {
    const account = await register(server.url);
    const strangers = Array.from({ length: MANY }, (_, i) =>
      AssistantClient.dial(server.url, i % 2 ? {} : { token: `forged ${i}` }),
    );
    const client = await AssistantClient.connect(server.url, account);
    expect((await client.stream('exactly: all is well')).text).toBe('all is well');
    const refusals = await Promise.all(strangers.map((stranger) => stranger.untilEvent('connect_error')));
    expect(refusals.filter(({ data }) => data?.code !== 'UNAUTHORIZED')).toEqual([]);
    const { checks } = (await (await fetch(`${server.url}/health/detailed`)).json()) as {
      checks: { sessions: { total: number } };
    };
    expect(checks.sessions.total).toBe(1);
    strangers.forEach((stranger) => stranger.close());
    client.close();
  });
});
