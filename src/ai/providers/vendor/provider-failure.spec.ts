import { TalksyError } from '../../../common/errors/talksy-error.js';
import { toProviderFailure } from './provider-failure.js';

class TimeoutError extends Error {}
class ConnectionError extends Error {}

const failureOf = (error: unknown) => toProviderFailure(error, { timeout: TimeoutError, connection: ConnectionError });
const vendorError = (status: number, headers: Record<string, string> = {}) =>
  Object.assign(new Error('vendor text'), { status, headers: new Headers(headers) });
const withCode = (code: string) =>
  new TypeError('terminated', { cause: Object.assign(new Error('other side'), { code }) });

describe('A vendor’s failure', () => {
  it.each([
    [vendorError(401), 'PROVIDER_ERROR'],
    [vendorError(404), 'PROVIDER_ERROR'],
    [vendorError(408), 'PROVIDER_TIMEOUT'],
    [vendorError(429), 'PROVIDER_UNAVAILABLE'],
    [vendorError(500), 'PROVIDER_UNAVAILABLE'],
    [vendorError(504), 'PROVIDER_UNAVAILABLE'],
    [new TimeoutError(), 'PROVIDER_TIMEOUT'],
    [new ConnectionError(), 'PROVIDER_UNAVAILABLE'],
    [withCode('UND_ERR_SOCKET'), 'PROVIDER_UNAVAILABLE'],
    [withCode('ECONNRESET'), 'PROVIDER_UNAVAILABLE'],
    [withCode('UND_ERR_BODY_TIMEOUT'), 'PROVIDER_TIMEOUT'],
    [withCode('ERR_SOMETHING'), 'PROVIDER_ERROR'],
    [new SyntaxError('Unexpected token'), 'PROVIDER_ERROR'],
    [undefined, 'PROVIDER_ERROR'],
    ['text', 'PROVIDER_ERROR'],
  ])('%p is %s', (error, code) => {
    expect(failureOf(error)).toMatchObject({ code, cause: error });
    expect(failureOf(error).message).not.toContain('vendor text');
  });

  it('does not hang on causes that go in a circle', () => {
    const error = new Error('a');
    error.cause = error;
    expect(failureOf(error).code).toBe('PROVIDER_ERROR');
  });

  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '1200', 'retry-after': '9' }, 1200],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('with %j may be tried again after %p ms', (headers, retryAfterMs) => {
    expect(failureOf(vendorError(429, headers as Record<string, string>)).retryAfterMs).toBe(retryAfterMs);
  });

  it('that is ours already stays as it is', () => {
    const ours = new TalksyError('PROVIDER_TIMEOUT');
    expect(failureOf(ours)).toBe(ours);
  });
});
