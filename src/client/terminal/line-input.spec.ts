import { stripVTControlCharacters } from 'node:util';
import { FakeTerminal } from '../../../test/support/fake-terminal.js';
import { until } from '../../../test/support/fake-talksy-server.js';
import { LineInput } from './line-input.js';

describe('the terminal chat of Talksy', () => {
  it('reads a pipe line by line, without prompts, to its end', async () => {
    const terminal = new FakeTerminal('pipe').type('one', 'two').end();
    const input = new LineInput(terminal);
    expect([await input.next('> '), await input.next('> '), await input.next('> ')]).toEqual(['one', 'two', undefined]);
    expect(terminal.shown).toBe('');
  });

  it('prompts a person and shows what is typed', async () => {
    const terminal = new FakeTerminal('person');
    const input = new LineInput(terminal);
    const line = input.next('> ');
    terminal.type('hello');
    expect(await line).toBe('hello');
    expect(terminal.shown).toContain('> ');
    expect(terminal.shown).toContain('hello');
    input.close();
  });

  it('hides a password, and brings it back at no key', async () => {
    const terminal = new FakeTerminal('person');
    const input = new LineInput(terminal);
    const secret = input.nextSecret('Password: ');
    terminal.type('hunter2!');
    expect(await secret).toBe('hunter2!');
    const line = input.next('> ');
    terminal.input.write('\u001b[A');
    terminal.type('');
    expect(await line).toBe('');
    expect(stripVTControlCharacters(terminal.shown)).toContain('Password: \n');
    expect(terminal.shown).not.toContain('hunter2!');
    input.close();
  });

  it('keeps lines that come too early, and shows them in their place', async () => {
    const terminal = new FakeTerminal('person');
    const input = new LineInput(terminal);
    const seen: string[] = [];
    input.watcher = (line) => seen.push(line) > 0 && line === '/stop';
    terminal.type('/stop', 'later');
    await until(() => seen.length === 2);
    expect(terminal.shown).toBe('');
    expect(await input.next('> ')).toBe('later');
    expect(terminal.shown).toBe('> later\n');
    input.close();
  });

  it('ends at Ctrl-C where nobody else takes it', async () => {
    const terminal = new FakeTerminal('person');
    const input = new LineInput(terminal);
    let interrupts = 0;
    input.onInterrupt = () => (interrupts += 1);
    terminal.pressCtrlC();
    await until(() => interrupts === 1);
    input.onInterrupt = undefined;
    const line = input.next('> ');
    terminal.pressCtrlC();
    expect(await line).toBeUndefined();
    expect(await input.next('> ')).toBeUndefined();
  });
});
