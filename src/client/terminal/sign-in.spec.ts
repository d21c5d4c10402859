import { FakeTalksyServer } from '../../../test/support/fake-talksy-server.js';
import { FakeTerminal } from '../../../test/support/fake-terminal.js';
import { runChat } from './run-chat.js';

let server: FakeTalksyServer;

beforeEach(async () => {
  server = await new FakeTalksyServer().start();
  server.accounts.set('a@b.c', 'pass-word');
});
afterEach(() => server.stop());

describe('the terminal chat of Talksy, asking a person for a login,', () => {
  it('offers to make an account, and asks again for a mistyped password', async () => {
    const terminal = new FakeTerminal('person');
    const exit = runChat(terminal, ['--url', server.url]);
    await terminal.sees('Email: ');
    terminal.type('a@b.c');
    await terminal.sees('Password: ');
    terminal.type('wrong-word');
    await terminal.sees('Make a new account for a@b.c? [y/N] ');
    terminal.type('n');
    await terminal.sees('Email: ');
    terminal.type('new@b.c');
    await terminal.sees('Password: ');
    terminal.type('pass-word');
    await terminal.sees('[y/N] ');
    terminal.type('yes');
    await terminal.sees('Registered new@b.c.');
    await terminal.sees('Connected');
    terminal.type('/quit');
    expect(await exit).toBe(0);
    expect(terminal.complaints).toBe('error: Email or password is wrong.\n');
  });

  it('makes an account at once when told to, and does not ask for what it knows', async () => {
    const terminal = new FakeTerminal('person');
    const argv = ['--url', server.url, '--register', '--password', 'pass-word', '--email'];
    const exit = runChat(terminal, [...argv, 'new@b.c']);
    await terminal.sees('Registered new@b.c.');
    await terminal.sees('> ');
    terminal.pressCtrlC();
    expect(await exit).toBe(0);
    expect(await runChat(terminal, [...argv, 'a@b.c'])).toBe(1);
    expect(terminal.complaints).toBe('error: An account with this email exists already.\n');
  });

  it('leaves after three bad logins, or at Ctrl-C', async () => {
    const terminal = new FakeTerminal('person');
    const exit = runChat(terminal, ['--url', server.url, '--email', 'a@b.c']);
    for (let tries = 0; tries < 3; tries += 1) {
      await terminal.sees('Password: ');
      terminal.type('wrong-word');
      await terminal.sees('[y/N] ');
      terminal.type('');
    }
    expect(await exit).toBe(1);
    const again = runChat(terminal, ['--url', server.url]);
    await terminal.sees('Email: ');
    terminal.pressCtrlC();
    expect(await again).toBe(1);
  });
});
