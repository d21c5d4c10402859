/** What a line asks for. */
export type Command =
  | { name: 'say'; text: string }
  | { name: 'history' | 'stop' | 'quit' | 'help' | 'nothing' }
  | { name: 'unknown'; word: string };

export const HELP = `/history  show the conversation so far
/stop     stop the answer that is being written (so does Ctrl-C)
/quit     leave (so do Ctrl-C and Ctrl-D at the prompt)
/help     show this text`;

/** A line that begins with a slash is a command, every other one a message. */
export function parseCommand(line: string): Command {
  const text = line.trim();
  switch (text) {
    case '':
      return { name: 'nothing' };
    case '/history':
    case '/stop':
    case '/quit':
    case '/help':
      return { name: text.slice(1) as 'history' | 'stop' | 'quit' | 'help' };
    default:
      return text.startsWith('/') ? { name: 'unknown', word: text } : { name: 'say', text };
  }
}
