import { kindOf } from './limited-routes.js';

describe('A request counts', () => {
  it.each([
    ['POST', '/auth/login'],
    ['POST', '/AUTH/Register'],
    ['POST', '/auth/refresh/'],
  ])('as a sign-in: %s %s', (method, path) => {
    expect(kindOf(method, path)).toBe('sign-in');
  });

  it.each(['/health', '/Health/live', '/metrics', '/docs/', '/docs/openapi.json', '/playground', '/api/health'])(
    'for nothing at %s',
    (path) => {
      expect(kindOf('GET', path)).toBe('exempt');
    },
  );

  it.each(['/', '/healthy', '/api/healthz', '/docsx', '/auth/login', '/auth/logins', '/x/health', '/v1/metrics'])(
    'as a request at %s',
    (path) => {
      expect(kindOf('GET', path)).toBe('request');
    },
  );
});
