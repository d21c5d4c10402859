import { TokenSource } from './token-source.js';

const pairOf = (n: number, expiresIn: number) => ({
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresIn,
});

describe('the client of Talksy', () => {
  let now: number;
  let spent: string[];
  const rest = {
    refresh: async (token: string) => {
      spent.push(token);
      return pairOf(spent.length + 1, 900);
    },
  };
  const source = (expiresIn: number) => new TokenSource(rest, pairOf(1, expiresIn), () => now);

  beforeEach(() => {
    now = 1_000_000;
    spent = [];
  });

  it('keeps an access token while it is good, and refreshes it shortly before its end', async () => {
    const tokens = source(900);
    now += 869_000;
    expect(await tokens.accessToken()).toBe('access-1');
    now += 1000;
    expect(await tokens.accessToken()).toBe('access-2');
    expect(await tokens.accessToken()).toBe('access-2');
    now += 900_000;
    expect(await tokens.accessToken()).toBe('access-3');
    expect(spent).toEqual(['refresh-1', 'refresh-2']);
  });

  it('uses most of the life of a short-lived token', async () => {
    const tokens = source(10);
    now += 8999;
    expect(await tokens.accessToken()).toBe('access-1');
    now += 1;
    expect(await tokens.accessToken()).toBe('access-2');
  });

  it('spends a refresh token once, however many ask', async () => {
    const tokens = source(900);
    expect(await Promise.all([tokens.renew(), tokens.renew()])).toEqual(['access-2', 'access-2']);
    expect(spent).toEqual(['refresh-1']);
  });
});
