import { parseArgs } from 'node:util';
import { ClientError } from '../client-error.js';

export interface ChatArguments {
  /** The server's origin, without a trailing slash. */
  url: string;
  email: string | undefined;
  password: string | undefined;
  register: boolean;
  /** The model that is asked; without it the server's. */
  model: string | undefined;
  /** One JSON object a line, for programs. */
  json: boolean;
  /** Answers as they are written, without Markdown. */
  plain: boolean;
  help: boolean;
}

export const USAGE = `Chat with a Talksy server in a terminal.

  npm run chat -- [options]

  --url <url>            the server (default http://localhost:3000)
  --email <email>        asked for where it is missing
  --password <password>  asked for where it is missing; other users of this machine can see it while the chat runs
  --register             make a new account instead of logging in
  --model <name>         the model to ask (default: the server's)
  --plain                show answers as they are written, without rendering Markdown
  --json                 write one JSON object a line, for programs
  --help                 show this text
`;

/** Reads the command line. Throws a ClientError that says what is wrong with it. */
export function parseArguments(argv: readonly string[]): ChatArguments {
  const { url, email, password, model, register = false, help = false, json = false, plain = false } = read(argv);
  return { url: originOf(url ?? 'http://localhost:3000'), email, password, model, register, json, plain, help };
}

function read(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const strings = { url: text, email: text, password: text, model: text };
    const options = { ...strings, register: flag, json: flag, plain: flag, help: flag };
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new ClientError('USAGE', `${(error as Error).message} (try --help)`);
  }
}

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new ClientError('USAGE', `--url must look like http://localhost:3000, not ${text}`);
}
