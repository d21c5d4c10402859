import { ClientError, isWireError, UNREACHABLE } from './client-error.js';
import type { Credentials, TokenPair } from './wire.js';

const TIME_LIMIT_MS = 15_000;

/** The REST calls a chat needs. Every failure is a ClientError. */
export class RestClient {
  /** `url` is the server's origin, without a trailing slash. */
  constructor(readonly url: string) {}

  register(credentials: Credentials): Promise<TokenPair> {
    return this.post('/auth/register', credentials);
  }

  login(credentials: Credentials): Promise<TokenPair> {
    return this.post('/auth/login', credentials);
  }

  /** The refresh token is spent afterwards; a lost reply may be asked for again within 10 s. */
  refresh(refreshToken: string): Promise<TokenPair> {
    return this.post('/auth/refresh', { refreshToken });
  }

  private async post(path: string, payload: object): Promise<TokenPair> {
    const response = await this.send(path, JSON.stringify(payload));
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && isEnvelope(body)) return body.data;
    if (isWireError(body)) throw ClientError.fromWire(body);
    throw new ClientError('NOT_TALKSY', `${this.url} does not answer like a Talksy server (status ${response.status})`);
  }

  private async send(path: string, body: string): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(TIME_LIMIT_MS);
      const headers = { 'content-type': 'application/json' };
      return await fetch(this.url + path, { method: 'POST', headers, body, signal });
    } catch (error) {
      throw new ClientError(UNREACHABLE, `cannot reach ${this.url}: ${reasonOf(error)}`);
    }
  }
}

function isEnvelope(body: unknown): body is { data: TokenPair } {
  const { data } = (body ?? {}) as { data?: Partial<TokenPair> };
  return typeof data?.accessToken === 'string' && typeof data.refreshToken === 'string';
}

/** fetch hides the socket's error in `cause`, and that one's message may be empty when several addresses failed. */
function reasonOf(failure: unknown): string {
  const { name, message, cause } = failure as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `no answer within ${TIME_LIMIT_MS / 1000} s`;
  return cause?.code === 'ECONNREFUSED' ? 'connection refused' : cause?.code || cause?.message || message;
}
