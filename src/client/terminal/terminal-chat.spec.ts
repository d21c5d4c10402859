import { FakeTalksyServer, until } from '../../../test/support/fake-talksy-server.js';
import { FakeTerminal } from '../../../test/support/fake-terminal.js';
import { runChat } from './run-chat.js';

let server: FakeTalksyServer;

beforeEach(async () => {
  server = await new FakeTalksyServer().start();
  server.accounts.set('a@b.c', 'pass-word');
});
afterEach(() => server.stop());

const PERSON = ['--email', 'a@b.c', '--password', 'pass-word'];

/** A person who is signed in and has read the greeting. */
async function personAtPrompt(): Promise<{ terminal: FakeTerminal; exit: Promise<number> }> {
  const terminal = new FakeTerminal('person');
  const exit = runChat(terminal, ['--url', server.url, ...PERSON]);
  await until(() => terminal.shown.includes('> '));
  return { terminal, exit };
}

describe('the terminal chat of Talksy, with a person,', () => {
  it('stops an answer at Ctrl-C, and leaves at the next one', async () => {
    const { terminal, exit } = await personAtPrompt();
    terminal.type('hello');
    (await server.run()).chunk('Well, ');
    await terminal.sees('Well, ');
    terminal.pressCtrlC();
    await terminal.sees('\n(stopped)\n');
    await terminal.sees('> ');
    terminal.pressCtrlC();
    expect(await exit).toBe(0);
  });

  it('leaves at a second Ctrl-C when the server does not stop', async () => {
    const { terminal, exit } = await personAtPrompt();
    server.ignored.add('stop_stream');
    terminal.type('hello');
    (await server.run()).chunk('Well, ');
    await terminal.sees('Well, ');
    terminal.pressCtrlC();
    await until(() => server.requests('stop_stream').length === 1);
    terminal.pressCtrlC();
    expect(await exit).toBe(0);
  });

  it('obeys /stop and /quit while an answer comes; other lines wait their turn', async () => {
    const { terminal, exit } = await personAtPrompt();
    terminal.type('hello');
    (await server.run()).chunk('Well, ');
    await terminal.sees('Well, ');
    terminal.type('second', '/stop');
    await terminal.sees('(stopped)\n> second\n');
    await server.run(1);
    terminal.type('/quit');
    expect(await exit).toBe(0);
    expect(terminal.complaints).toBe('');
  });

  it('tells of a lost connection and goes on with the answer when it is back', async () => {
    const { terminal, exit } = await personAtPrompt();
    terminal.type('hello');
    const run = await server.run();
    run.chunk('one ');
    await terminal.sees('one ');
    server.dropConnections();
    await terminal.sees('\n(connection lost, reconnecting)\n');
    run.chunk('two');
    await terminal.sees('(connected again)\ntwo');
    run.end();
    await terminal.sees('> ');
    terminal.type('/quit');
    expect(await exit).toBe(0);
  });

  it('shows tools at work, each step once, and asks before one that needs approval', async () => {
    const { terminal, exit } = await personAtPrompt();
    terminal.type('/approve');
    await terminal.sees('Nothing waits for your approval.\n');
    await terminal.sees('> ');
    terminal.type('hello');
    const run = await server.run();
    run.chunk('Let me see.');
    run.tool('tool_call', { toolName: 'calculator', parameters: { expression: '6 * 7' } });
    await terminal.sees('Let me see.\n(calculator {"expression":"6 * 7"} …)\n');
    server.dropConnections();
    await terminal.sees('(connected again)');
    run.tool('tool_result', { toolName: 'calculator', result: { success: true, data: 'x'.repeat(300) } });
    await terminal.sees(`\n(calculator → ${'x'.repeat(200)}…)`);
    run.tool('tool_approval', { parameters: { to: 'you' } });
    await terminal.sees('(send {"to":"you"} needs your approval: /approve or /deny)\n');
    server.refuse('approve_tool', { code: 'CONFLICT', message: 'The time to decide is over.' });
    terminal.type('/approve');
    await until(() => terminal.complaints.includes('The time to decide is over.'));
    expect(server.requests('approve_tool')).toEqual([{ runId: run.id, callId: 'call-1' }]);
    run.tool('tool_result', { result: { success: false, error: { code: 'TOOL_DENIED', message: 'Too late.' } } });
    await terminal.sees('(send failed: Too late.)\n');
    terminal.type('/deny');
    await terminal.sees('Nothing waits for your approval.\n');
    run.end();
    await terminal.sees('> ');
    terminal.type('/quit');
    expect(await exit).toBe(0);
  });

  it('leaves when its sign-in is over', async () => {
    const { terminal, exit } = await personAtPrompt();
    server.refuse('connect', { code: 'UNAUTHORIZED', message: 'Sign in first.' });
    server.emit('error', { code: 'OVERLOADED', message: 'The server is at its limit.' });
    await until(() => terminal.complaints.includes('limit'));
    server.disconnectSockets();
    expect(await exit).toBe(1);
    expect(terminal.complaints).toContain('error: Sign in first.\n');
  });

  it('says so where a stop or the history fails', async () => {
    const { terminal, exit } = await personAtPrompt();
    server.refuse('stop_stream', { code: 'STORE_UNAVAILABLE', message: 'no stop now' });
    server.refuse('get_history', { code: 'STORE_UNAVAILABLE', message: 'no history now' });
    terminal.type('hello');
    const run = await server.run();
    run.chunk('one');
    await terminal.sees('one');
    terminal.type('/stop');
    await until(() => terminal.complaints.includes('error: no stop now\n'));
    run.end();
    await terminal.sees('> ');
    terminal.type('/history', '/quit');
    expect(await exit).toBe(0);
    expect(terminal.complaints).toContain('error: no history now\n');
  });
});
