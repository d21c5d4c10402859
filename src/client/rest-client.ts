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

  /** Any other call, signed in: the answer's body, without its envelope where it has one. */
  async call<T>(method: string, path: string, accessToken: string, payload?: object): Promise<T> {
    const { response, body } = await this.send(method, path, payload, { authorization: `Bearer ${accessToken}` });
    if (!response.ok) throw this.refusal(response, body);
    return (isWrapped(body) ? body.data : body) as T;
  }

  private async post(path: string, payload: object): Promise<TokenPair> {
    const { response, body } = await this.send('POST', path, payload);
    if (response.ok && isEnvelope(body)) return body.data;
    throw this.refusal(response, body);
  }

  private refusal({ status }: Response, body: unknown): ClientError {
    if (isWireError(body)) return ClientError.fromWire(body);
    return new ClientError('NOT_TALKSY', `${this.url} does not answer like a Talksy server (status ${status})`);
  }

  private async send(
    method: string,
    path: string,
    payload?: object,
    more: Record<string, string> = {},
  ): Promise<{ response: Response; body: unknown }> {
    try {
      const signal = AbortSignal.timeout(TIME_LIMIT_MS);
      const headers = { ...(payload && { 'content-type': 'application/json' }), ...more };
      const body = payload && { body: JSON.stringify(payload) };
      const response = await fetch(this.url + path, { method, headers, signal, ...body });
      return { response, body: await response.json().catch(() => undefined) };
    } catch (error) {
      throw new ClientError(UNREACHABLE, `cannot reach ${this.url}: ${reasonOf(error)}`);
    }
  }
}

const isWrapped = (body: unknown): body is { data: unknown } =>
  (body as { success?: unknown } | null)?.success === true;

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
