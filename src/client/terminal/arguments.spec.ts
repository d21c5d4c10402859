import { parseArguments } from './arguments.js';

describe('the terminal chat of Talksy', () => {
  it('talks to this machine unless told otherwise', () => {
    expect(parseArguments([])).toEqual({
      url: 'http://localhost:3000',
      email: undefined,
      password: undefined,
      register: false,
      help: false,
      model: undefined,
      json: false,
      plain: false,
    });
  });

  it('takes address and credentials from the command line', () => {
    const argv = ['--url', 'https://talksy.example:8443/', '--email', 'a@b.c', '--password=pass-word', '--register'];
    expect(parseArguments(argv)).toEqual({
      url: 'https://talksy.example:8443',
      email: 'a@b.c',
      password: 'pass-word',
      register: true,
      help: false,
      model: undefined,
      json: false,
      plain: false,
    });
  });

  it.each([
    [['--url', 'localhost:3000'], '--url must look like http://localhost:3000, not localhost:3000'],
    [['--url', 'nonsense'], '--url must look like'],
    [['--color'], "Unknown option '--color'"],
    [['hello'], 'Unexpected argument'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(message);
  });
});
