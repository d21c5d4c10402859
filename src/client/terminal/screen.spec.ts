import { stripVTControlCharacters } from 'node:util';
import { FakeTerminal } from '../../../test/support/fake-terminal.js';
import { Screen } from './screen.js';

describe('the terminal chat of Talksy', () => {
  it('never writes its own lines into the middle of an answer', () => {
    const terminal = new FakeTerminal('pipe');
    const screen = new Screen(terminal);
    screen.write('half');
    screen.say('(stopped)');
    screen.write('whole\n');
    screen.say('done');
    screen.write('more');
    screen.warn('two\nlines');
    expect(terminal.shown).toBe('half\n(stopped)\nwhole\ndone\nmore\n');
    expect(terminal.complaints).toBe('error: two lines\n');
  });

  it('lets no answer steer the terminal', () => {
    const terminal = new FakeTerminal('pipe');
    const screen = new Screen(terminal);
    screen.write('\u001b[2J\u0007a\tb\u009b');
    screen.write('\u001b');
    screen.say('\u001b]0;title');
    expect(terminal.shown).toBe('[2Ja\tb\n]0;title\n');
  });

  it('renders answers on a terminal block by block, with a spinner that leaves no trace', () => {
    const terminal = new FakeTerminal('person');
    terminal.output.isTTY = true;
    const screen = new Screen(terminal);
    screen.wait();
    screen.write('A **bold** word.\n\nNext');
    expect(stripVTControlCharacters(terminal.shown)).toBe('\rA bold word.\n\n');
    screen.finishLine();
    screen.say('(done)');
    expect(stripVTControlCharacters(terminal.shown)).toBe('\rA bold word.\n\n\rNext\n\n(done)\n');
    const plain = new FakeTerminal('person');
    plain.output.isTTY = true;
    new Screen(plain, true).write('A **bold** word');
    expect(plain.shown).toBe('A **bold** word');
  });
});
