import type { RestClient } from './rest-client.js';
import type { TokenPair } from './wire.js';

/** How long before its end a token is replaced, at most; short-lived ones after nine tenths of their life. */
const MARGIN_MS = 30_000;

/** Hands out an access token that is still good, and refreshes it when it is not; one refresh at a time. */
export class TokenSource {
  private goodUntil: number;
  private refreshing: Promise<string> | undefined;

  constructor(
    private readonly rest: Pick<RestClient, 'refresh'>,
    private pair: TokenPair,
    private readonly now: () => number = Date.now,
    private readonly onPair: (pair: TokenPair) => void = () => undefined,
  ) {
    this.goodUntil = this.endOf(pair);
  }

  /** Rejects with a ClientError where the sign-in is over or the server cannot be reached. */
  async accessToken(): Promise<string> {
    return this.now() < this.goodUntil ? this.pair.accessToken : this.renew();
  }

  /** A new token whatever the clock says: the server's clock counts. */
  renew(): Promise<string> {
    this.refreshing ??= this.refresh().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async refresh(): Promise<string> {
    this.pair = await this.rest.refresh(this.pair.refreshToken);
    this.onPair(this.pair);
    this.goodUntil = this.endOf(this.pair);
    return this.pair.accessToken;
  }

  private endOf({ expiresIn }: TokenPair): number {
    const lifeMs = expiresIn * 1000;
    return this.now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 10);
  }
}
