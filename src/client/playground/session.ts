import { ClientError, type Credentials, TalksyClient, type TokenPair } from '../talksy-client.js';
import { Chat } from './chat.js';
import { EventLog } from './event-log.js';
import { Store } from './store.js';

const KEY = 'talksy-playground-tokens';

/** Who is signed in on this page. Tokens outlive a reload, in this tab's storage only. */
export class Session extends Store {
  readonly log = new EventLog();
  chat: Chat | undefined;
  error = '';
  isBusy = false;

  /** Goes on with the sign-in that this tab has. */
  async restore(): Promise<void> {
    const kept = sessionStorage.getItem(KEY);
    if (kept)
      await this.enter((options) => TalksyClient.connect(location.origin, { ...options, signIn: parsed(kept) }));
  }

  signIn(signIn: Credentials): Promise<void> {
    return this.enter((options) => TalksyClient.connect(location.origin, { ...options, signIn }));
  }

  register(signIn: Credentials): Promise<void> {
    return this.enter((options) => TalksyClient.register(location.origin, { ...options, signIn }));
  }

  signOut(error = ''): void {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    this.chat?.close();
    const { refreshToken } = kept ? parsed(kept) : {};
    if (refreshToken) void this.chat?.talksy.call('POST', '/auth/logout', { refreshToken }).catch(() => undefined);
    this.chat = undefined;
    this.error = error;
    location.hash = '';
    this.changed();
  }

  private async enter(connect: (options: Handlers) => Promise<TalksyClient>): Promise<void> {
    this.error = '';
    this.isBusy = true;
    this.changed();
    try {
      const talksy = await connect(this.handlers());
      this.chat = new Chat(talksy);
      void this.chat.begin();
    } catch (error) {
      sessionStorage.removeItem(KEY);
      this.error = error instanceof ClientError ? error.message : String(error);
    } finally {
      this.isBusy = false;
      this.changed();
    }
  }

  private handlers(): Handlers {
    return {
      onConnection: (isUp) => {
        this.log.add(isUp ? '— connection is back —' : '— connection lost —');
        this.chat?.onConnection(isUp);
      },
      onClosed: (error) => this.signOut(error.message),
      onTokens: (pair) => sessionStorage.setItem(KEY, JSON.stringify(pair)),
      onFrame: (event, payload) => this.log.add(event, payload),
    };
  }
}

interface Handlers {
  onConnection: (isUp: boolean) => void;
  onClosed: (error: ClientError) => void;
  onTokens: (pair: TokenPair) => void;
  onFrame: (event: string, payload: unknown) => void;
}

const parsed = (kept: string): TokenPair => JSON.parse(kept) as TokenPair;
