import { parseCommand } from './commands.js';

describe('the terminal chat of Talksy', () => {
  it('tells commands from messages', () => {
    expect(
      ['', '  ', ' /quit ', '/history', '/stop', '/approve', '/deny', '/help'].map((line) => parseCommand(line).name),
    ).toEqual(['nothing', 'nothing', 'quit', 'history', 'stop', 'approve', 'deny', 'help']);
    expect(parseCommand(' what is 1/2? ')).toEqual({ name: 'say', text: 'what is 1/2?' });
    expect(parseCommand('/exit now')).toEqual({ name: 'unknown', word: '/exit now' });
  });
});
