import { ClientError } from '../client-error.js';
import type { RestClient } from '../rest-client.js';
import type { Credentials, TokenPair } from '../wire.js';
import type { ChatArguments } from './arguments.js';
import type { LineInput } from './line-input.js';
import type { ChatScreen } from './chat-screen.js';

const MAX_TRIES = 3;

/**
 * Signs in with what the arguments hold and asks for the rest. Where a login fails a person is asked whether to make
 * an account, and a pipe just gets one. Rejects with a ClientError where nothing of that works.
 */
export async function signIn(
  rest: RestClient,
  args: Pick<ChatArguments, 'email' | 'password' | 'register'>,
  input: LineInput,
  screen: ChatScreen,
): Promise<TokenPair> {
  const canAskAgain = input.interactive && (args.email === undefined || args.password === undefined);
  for (let tries = 1; ; tries += 1) {
    const credentials = await askFor(args, input);
    try {
      return await (args.register ? register(rest, credentials, screen) : logIn(rest, credentials, input, screen));
    } catch (error) {
      const isFinal = !(error instanceof ClientError) || error.isPassing || !canAskAgain || tries === MAX_TRIES;
      if (isFinal) throw error;
      screen.warn(error.message);
    }
  }
}

async function askFor(args: Partial<Credentials>, input: LineInput): Promise<Credentials> {
  const email = args.email ?? (await input.next('Email: '))?.trim();
  const password = email === undefined ? undefined : (args.password ?? (await input.nextSecret('Password: ')));
  if (email === undefined || password === undefined)
    throw new ClientError('NO_INPUT', 'an email and a password are needed');
  return { email, password };
}

async function logIn(
  rest: RestClient,
  credentials: Credentials,
  input: LineInput,
  screen: ChatScreen,
): Promise<TokenPair> {
  try {
    return await rest.login(credentials);
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'UNAUTHORIZED') throw error;
    if (!(await wantsAccount(credentials, input))) throw error;
    return register(rest, credentials, screen).catch((failure: unknown) => {
      // The account exists, so it was the password that was wrong.
      throw failure instanceof ClientError && failure.code === 'EMAIL_TAKEN' ? error : failure;
    });
  }
}

async function wantsAccount({ email }: Credentials, input: LineInput): Promise<boolean> {
  if (!input.interactive) return true;
  const reply = await input.next(`This login does not work. Make a new account for ${email}? [y/N] `);
  return /^y(es)?$/i.test(reply?.trim() ?? '');
}

async function register(rest: RestClient, credentials: Credentials, screen: ChatScreen): Promise<TokenPair> {
  const pair = await rest.register(credentials);
  screen.say(`Registered ${credentials.email}.`);
  return pair;
}
