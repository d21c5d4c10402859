import { serializeError } from './error-serializer.js';

describe('the log of Talksy', () => {
  it('keeps name, message, stack and code of an error and its cause, and nothing that hangs on it', () => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(a@b.c)' });
    const error = new TypeError('insert failed', { cause });
    expect(serializeError(error)).toEqual({
      type: 'TypeError',
      message: 'insert failed',
      stack: error.stack,
      cause: { type: 'Error', message: 'duplicate key', stack: cause.stack, code: '23505' },
    });
  });

  it('follows causes only so far, and takes anything that is thrown', () => {
    const circular = new Error('turtle');
    circular.cause = circular;
    delete circular.stack;
    expect(JSON.stringify(serializeError(circular)).match(/turtle/g)).toHaveLength(4);
    expect(serializeError('plain text')).toEqual({ type: 'string', message: 'plain text' });
  });
});
