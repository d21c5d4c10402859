import { spawnSync } from 'node:child_process';
import { AssistantClient, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const TOKEN = 'a token for the metrics of a test';

describe('The metrics', () => {
  let app: TestApp;
  const read = async (authorization = `Bearer ${TOKEN}`) => fetch(`${app.url}/metrics`, { headers: { authorization } });
  const valueOf = (text: string, sample: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
    return Number(line?.slice(sample.length + 1));
  };

  beforeAll(async () => {
    app = await startTalksy({ METRICS_TOKEN: TOKEN, RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_MAX_REQUESTS: '2' });
    const account = await register(app.url);
    const client = await AssistantClient.connect(app.url, account);
    await client.stream('exactly: one two three');
    await client.stream('what is 17*23?');
    expect(await client.ask('user_message', { text: 'too much' })).toMatchObject({ ok: false });
  }, 60_000);
  afterAll(() => app.close());

  it('tell what happened', async () => {
    const response = await read();
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(valueOf(text, 'talksy_runs_total{status="completed",reason="stop"}')).toBe(2);
    expect(valueOf(text, 'talksy_connections')).toBe(1);
    expect(valueOf(text, 'talksy_sessions{state="connected"}')).toBe(1);
    expect(valueOf(text, 'talksy_runs_active')).toBe(0);
    expect(valueOf(text, 'talksy_run_first_token_seconds_count')).toBe(2);
    expect(valueOf(text, 'talksy_run_log_append_seconds_count')).toBeGreaterThan(4);
    expect(valueOf(text, 'talksy_tokens_total{provider="mock",kind="completion"}')).toBeGreaterThan(0);
    expect(valueOf(text, 'talksy_provider_attempts_total{provider="mock"}')).toBeGreaterThan(1);
    expect(valueOf(text, 'talksy_provider_circuit_state{provider="mock",state="closed"}')).toBe(1);
    expect(valueOf(text, 'talksy_tool_duration_seconds_count{tool="calculator",outcome="success"}')).toBe(1);
    expect(valueOf(text, 'talksy_rate_limit_refusals_total{limit="message"}')).toBe(1);
    expect(text).toMatch(/^talksy_build_info\{version="[^"]+",node="[^"]+"\} 1$/m);
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('name nobody', async () => {
    expect(await (await read()).text()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|@example\.com/);
  });

  it('are kept from who has no token', async () => {
    expect((await read('')).status).toBe(401);
    expect((await read('Bearer another token of the test')).status).toBe(401);
  });

  it('please the linter of Prometheus', async () => {
    const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await (await read()).text(),
      encoding: 'utf8',
    });
    if (error) return void process.stderr.write('not run: promtool check metrics (no promtool on this machine)\n');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
