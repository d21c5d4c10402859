import { FakeTalksyServer } from '../../../test/support/fake-talksy-server.js';
import { FakeTerminal } from '../../../test/support/fake-terminal.js';
import { runChat } from './run-chat.js';

let server: FakeTalksyServer;

beforeEach(async () => {
  server = await new FakeTalksyServer().start();
  server.accounts.set('a@b.c', 'pass-word');
});
afterEach(() => server.stop());

describe('the terminal chat of Talksy, in a pipe,', () => {
  it('makes an account, waits for each answer before the next line, and leaves', async () => {
    server.answer = (text) => ['You said ', text, '.'];
    const terminal = new FakeTerminal('pipe').type('new@b.c', 'pass-word', 'hello', '', 'more', '/history', '/quit');
    expect(await runChat(terminal, ['--url', server.url])).toBe(0);
    expect(terminal.shown).toBe(
      [
        'Registered new@b.c.',
        `Connected to ${server.url}. Write a message, or /help.`,
        'You said hello.',
        'You said more.',
        'you: hello',
        'talksy: You said hello.',
        'you: more',
        'talksy: You said more.',
        '',
      ].join('\n'),
    );
    expect(terminal.complaints).toBe('');
  });

  it('knows its commands and ends with the input', async () => {
    const terminal = new FakeTerminal('pipe').type('a@b.c', 'pass-word', '/history', '/stop', '/what', '/help').end();
    expect(await runChat(terminal, ['--url', server.url])).toBe(0);
    for (const line of ['No messages yet.', 'Nothing is being written.', 'There is no /what.', '/quit     leave']) {
      expect(terminal.shown).toContain(line);
    }
  });

  it('says in one line what went wrong with an answer, and goes on', async () => {
    const error = { code: 'PROVIDER_ERROR', message: 'The AI provider failed.' };
    server.refuse('user_message_stream', { code: 'VALIDATION_ERROR', message: 'text is too long' });
    server.refuse('get_history', { code: 'STORE_UNAVAILABLE', message: 'later' });
    const terminal = new FakeTerminal('pipe').type('a@b.c', 'pass-word', 'refused', 'failed', 'cut', 'dead').end();
    const exit = runChat(terminal, ['--url', server.url]);
    (await server.run(0)).end({ finishReason: 'error', error });
    (await server.run(1)).end({ finishReason: 'length' });
    const dead = await server.run(2);
    dead.chunk('as far as');
    dead.end({ finishReason: 'interrupted', text: 'another text' });
    expect(await exit).toBe(0);
    expect(terminal.complaints).toBe('error: text is too long\nerror: The AI provider failed.\n');
    expect(terminal.shown).toMatch(/\(cut off.*\nas far as\n\(the answer reads:\)\nanother text\n\(interrupted/);
  });

  it.each([
    [['a@b.c', 'wrong-word'], 'error: Email or password is wrong.\n'],
    [['a@b.c'], 'error: an email and a password are needed\n'],
  ])('gives up without a login: %j', async (lines, complaint) => {
    const terminal = new FakeTerminal('pipe').type(...lines).end();
    expect(await runChat(terminal, ['--url', server.url])).toBe(1);
    expect(terminal.complaints).toBe(complaint);
  });

  it('gives up where there is no server', async () => {
    const { url } = server;
    await server.stop();
    const terminal = new FakeTerminal('pipe').type('a@b.c', 'pass-word').end();
    expect(await runChat(terminal, ['--url', url])).toBe(1);
    expect(terminal.complaints).toBe(`error: cannot reach ${url}: connection refused\n`);
    await server.start();
  });

  it('gives up where the connection is refused', async () => {
    server.refuse('connect', { code: 'ACCOUNT_DISABLED', message: 'This account is disabled.' });
    const terminal = new FakeTerminal('pipe').type('a@b.c', 'pass-word', 'hello').end();
    expect(await runChat(terminal, ['--url', server.url])).toBe(1);
    expect(terminal.complaints).toBe('error: This account is disabled.\n');
  });

  it('explains its options, and complains about others', async () => {
    const terminal = new FakeTerminal('pipe');
    expect(await runChat(terminal, ['--help'])).toBe(0);
    expect(terminal.shown).toContain('npm run chat');
    expect(await runChat(terminal, ['--nope'])).toBe(1);
    expect(terminal.complaints).toContain('--help');
  });
});
