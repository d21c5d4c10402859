import { HttpException } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { plannedError } from './http-exception-mapping.js';

describe('Talksy, given an exception,', () => {
  it('keeps its own errors as they are', () => {
    const error = new TalksyError('CONFLICT');
    expect(plannedError(error)).toBe(error);
  });

  it.each([
    [400, 'VALIDATION_ERROR'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [405, 'METHOD_NOT_ALLOWED'],
    [409, 'CONFLICT'],
    [413, 'PAYLOAD_TOO_LARGE'],
    [422, 'VALIDATION_ERROR'],
    [429, 'RATE_LIMIT_EXCEEDED'],
    [503, 'OVERLOADED'],
  ])('answers a framework’s %i with %s', (status, code) => {
    const error = plannedError(new HttpException('words of the framework', status));
    expect(error).toMatchObject({ code });
    expect(error?.message).not.toContain('framework');
  });

  it.each([new HttpException('x', 500), new HttpException('x', 502), new Error('x'), 'x', undefined, null])(
    'takes %p for a bug',
    (exception) => {
      expect(plannedError(exception)).toBeUndefined();
    },
  );

  it('does not trust a type it does not know', () => {
    const cause = Object.assign(new Error('x'), { type: 7 });
    expect(plannedError(new HttpException('x', 400, { cause }))?.message).toBe('The request is malformed.');
  });
});
