import { origins, span, trustedProxies } from './kinds.js';

describe('A span of time', () => {
  it.each([
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['7 d', 604_800_000],
  ])('%s becomes milliseconds', (given, meant) => {
    expect(span('1m').validate(given).value).toBe(meant);
  });

  it('is in milliseconds where it is unset, too', () => {
    expect(span('15m').validate(undefined).value).toBe(900_000);
  });
});

describe('Origins', () => {
  it('are kept as browsers send them', () => {
    expect(origins().validate(' https://Chat.example.com/, http://10.0.0.1:8080 ,').value).toEqual([
      'https://chat.example.com',
      'http://10.0.0.1:8080',
    ]);
  });

  it.each(['https://a.example/path', 'https://user@a.example', 'a.example', 'https://*.example.com'])(
    'cannot be %s',
    (given) => {
      expect(origins().validate(given).error).toBeDefined();
    },
  );
});

describe('Trusted proxies', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['2', 2],
    ['loopback, 10.0.0.0/8', 'loopback,10.0.0.0/8'],
    ['fd00::/8', 'fd00::/8'],
    ['192.168.1.5', '192.168.1.5'],
  ])('are read from %s', (given, meant) => {
    expect(trustedProxies().validate(given).value).toEqual(meant);
  });

  it.each(['-1', '1.5', '10.0.0.0/33', '10.0.0.0/8/8', 'example.com'])('cannot be %s', (given) => {
    expect(trustedProxies().validate(given).error).toBeDefined();
  });
});
