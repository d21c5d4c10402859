import { runChat } from '../../src/client/terminal/run-chat.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

const PERSON = ['--email', 'terminal@example.com', '--password', 'correct horse battery'];

/** `npm run chat`, before a real server. */
describe('The terminal chat', () => {
  let app: TestApp;
  const pipe = async (lines: readonly string[], ...more: string[]): Promise<FakeTerminal> => {
    const terminal = new FakeTerminal('pipe');
    const exit = runChat(terminal, ['--url', app.url, ...PERSON, ...more]);
    terminal.type(...lines).end();
    expect(await exit).toBe(0);
    return terminal;
  };

  beforeAll(async () => {
    app = await startTalksy();
  }, 60_000);
  afterAll(() => app.close());

  it('lists and calls tools, forks, and begins anew', async () => {
    const lines = [
      'exactly: one',
      '/tools',
      '/call calculator {"expression": "6*7"}',
      '/call calculator nonsense',
      '/fork',
      'exactly: two',
      '/history',
      '/new',
      '/history',
    ];
    const { shown, complaints } = await pipe(lines, '--register');
    expect(shown).toMatch(/^calculator: /m);
    expect(shown).toContain('(calculator → {"expression":"6*7","result":"42"})');
    expect(shown).toContain('(a new conversation that begins like this one: exactly: one)');
    expect(shown).toContain('you: exactly: one\ntalksy: one\nyou: exactly: two\ntalksy: two\n(a new conversation)\n');
    expect(shown.endsWith('No messages yet.\n')).toBe(true);
    expect(complaints).toBe('error: parameters must be one JSON object, such as {"expression": "6*7"}\n');
  });

  it('writes one JSON object a line for programs, and asks the model that is wanted', async () => {
    const { shown } = await pipe(['What is 17*23?', '/nonsense'], '--json', '--model', 'mock-2');
    const facts = shown
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(facts[0]).toMatchObject({ type: 'info' });
    expect(facts).toContainEqual(expect.objectContaining({ type: 'tool', kind: 'returned' }));
    const text = facts.map((fact) => (fact['type'] === 'text' ? fact['text'] : '')).join('');
    expect(facts).toContainEqual(expect.objectContaining({ type: 'end', finishReason: 'stop', model: 'mock-2', text }));
    expect(text).toContain('391');
  });

  it('says in the same way what went wrong', async () => {
    const terminal = new FakeTerminal('pipe');
    const argv = ['--url', app.url, '--email', 'terminal@example.com', '--password', 'wrong password', '--json'];
    expect(await runChat(terminal, argv)).toBe(1);
    expect(JSON.parse(terminal.shown)).toMatchObject({ type: 'error', message: expect.any(String) });
  });
});
