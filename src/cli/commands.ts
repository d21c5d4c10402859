const USAGE = `talksy start     starts the server
talksy chat      a chat in the terminal (--help)
talksy verify    proves the promise on your own Redis and PostgreSQL (--help)
`;

/** What the program can do, and that it knows no such command where one was given. */
export const usageOf = (command: string): string =>
  command === '' || command === '--help' ? USAGE : `talksy knows no command "${command}"\n\n${USAGE}`;
