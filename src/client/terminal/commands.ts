type Word = 'history' | 'tools' | 'fork' | 'new' | 'stop' | 'approve' | 'deny' | 'quit' | 'help';

/** What a line asks for. */
export type Command =
  | { name: 'say'; text: string }
  | { name: 'call'; toolName: string; parameters: string }
  | { name: Word | 'nothing' }
  | { name: 'unknown'; word: string };

export const HELP = `/history  show the conversation so far
/tools    list the tools of the server
/call     call one yourself: /call calculator {"expression": "6*7"}
/fork     go on in a new conversation that begins like this one
/new      begin a new conversation
/stop     stop the answer that is being written (so does Ctrl-C)
/approve  let the tool run that waits for it
/deny     do not let it run
/quit     leave (so do Ctrl-C and Ctrl-D at the prompt)
/help     show this text`;

/** A line that begins with a slash is a command, every other one a message. */
export function parseCommand(line: string): Command {
  const text = line.trim();
  const [, toolName, parameters = ''] = /^\/call\s+(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (toolName) return { name: 'call', toolName, parameters };
  switch (text) {
    case '':
      return { name: 'nothing' };
    case '/history':
    case '/tools':
    case '/fork':
    case '/new':
    case '/stop':
    case '/approve':
    case '/deny':
    case '/quit':
    case '/help':
      return { name: text.slice(1) as Word };
    default:
      return text.startsWith('/') ? { name: 'unknown', word: text } : { name: 'say', text };
  }
}
