import { newRowId } from '../../common/ids.js';
import { readClaims } from './access-claims.js';

const claims = { sub: newRowId(), sid: newRowId(), jti: 'j', exp: 1000 };

describe('Talksy, reading the claims of a token,', () => {
  it('takes those it needs', () => {
    expect(readClaims({ ...claims, role: 'user', iat: 1 }, 1_000_000)).toEqual(claims);
  });

  it.each([
    null,
    'text',
    {},
    { ...claims, sid: 7 },
    { ...claims, sub: 'x' },
    { ...claims, jti: undefined },
    { ...claims, exp: '1' },
  ])('refuses %j', (payload) => {
    expect(() => readClaims(payload, 0)).toThrow(expect.objectContaining({ code: 'UNAUTHORIZED' }));
  });

  it('allows for clocks that are five seconds apart', () => {
    expect(() => readClaims(claims, 1_004_999)).not.toThrow();
    expect(() => readClaims(claims, 1_005_000)).toThrow(expect.objectContaining({ code: 'TOKEN_EXPIRED' }));
  });
});
