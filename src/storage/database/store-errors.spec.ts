import { TalksyError } from '../../common/errors/talksy-error.js';
import { ConnectionLost } from './connection-lost.js';
import { sqlStateOf, toStoreError, violatedKeyOf } from './store-errors.js';

const withState = (code: string): Error => Object.assign(new Error('secret table talk'), { code });

describe('toStoreError', () => {
  it.each(['57P01', '57P03', '57014', '53300', '08006', '28P01', '3D000', '40001', '40P01', '55P03', '25006'])(
    'asks to come back after %s',
    (state) => {
      const cause = withState(state);
      expect(toStoreError(cause)).toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfterMs: 1000, cause });
    },
  );

  it('asks to come back when there was no answer', () => {
    expect(toStoreError(new ConnectionLost('gone'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it.each([
    ['22021', 'VALIDATION_ERROR'],
    ['22P05', 'VALIDATION_ERROR'],
    ['54000', 'VALIDATION_ERROR'],
    ['23505', 'CONFLICT'],
    ['23503', 'CONFLICT'],
  ])('blames the request for %s', (state, code) => {
    const error = toStoreError(withState(state)) as TalksyError;
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('secret');
  });

  it('leaves bugs and what is mapped already as they are', () => {
    const errors = [withState('42P01'), new TypeError('x'), new TalksyError('CONFLICT'), undefined];
    expect(errors.map(toStoreError)).toEqual(errors);
  });
});

describe('violatedKeyOf', () => {
  it('names the unique constraint, and only that', () => {
    const violation = Object.assign(withState('23505'), { constraint: 'a_key' });
    expect([violatedKeyOf(violation), violatedKeyOf(withState('23503'))]).toEqual(['a_key', undefined]);
    expect(sqlStateOf(undefined)).toBe('');
  });
});
