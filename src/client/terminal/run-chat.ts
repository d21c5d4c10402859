import { ChatConnection, type ChatListener } from '../chat-connection.js';
import { ClientError } from '../client-error.js';
import { RestClient } from '../rest-client.js';
import { TokenSource } from '../token-source.js';
import { type ChatArguments, parseArguments, USAGE } from './arguments.js';
import { LineInput } from './line-input.js';
import type { ChatScreen } from './chat-screen.js';
import { JsonScreen } from './json-screen.js';
import { Screen } from './screen.js';
import { signIn } from './sign-in.js';
import type { TerminalStreams } from './streams.js';
import { TerminalChat } from './terminal-chat.js';

/** The whole terminal chat. Resolves with the exit code: 1 where it could not sign in, connect or stay connected. */
export async function runChat(streams: TerminalStreams, argv: readonly string[]): Promise<number> {
  let screen: ChatScreen = new Screen(streams);
  try {
    const args = parseArguments(argv);
    if (args.help) {
      streams.output.write(USAGE);
      return 0;
    }
    screen = args.json ? new JsonScreen(streams.output) : new Screen(streams, args.plain);
    return await chat(streams, screen, args);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    screen.warn(error.message);
    return 1;
  } finally {
    screen.finishLine();
  }
}

async function chat(streams: TerminalStreams, screen: ChatScreen, args: ChatArguments): Promise<number> {
  const input = new LineInput(streams);
  try {
    const rest = new RestClient(args.url);
    const tokens = new TokenSource(rest, await signIn(rest, args, input, screen));
    const connect = (listener: ChatListener) => new ChatConnection(args.url, tokens, listener);
    const terminal = new TerminalChat(connect, input, screen, args.model);
    return await terminal.run(`Connected to ${args.url}. Write a message, or /help.`);
  } finally {
    input.close();
  }
}
