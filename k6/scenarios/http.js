import { check, group } from 'k6';
import http from 'k6/http';
import { bearer, login, ownOf, post } from '../lib/accounts.js';
import { BASE_URL } from '../lib/target.js';

/** Login, refresh, who am I. @param {{accounts: import('../lib/accounts.js').Account[]}} data */
export function httpRound({ accounts }) {
  group('http', () => {
    const account = login(ownOf(accounts));
    const refreshed = post('/auth/refresh', { refreshToken: account.refreshToken });
    check(refreshed, { refreshed: ({ status }) => status === 200 });
    const token = String(refreshed.json('data.accessToken'));
    check(http.get(`${BASE_URL}/auth/me`, bearer(token)), {
      'knows who I am': (response) => response.json('data.email') === account.email,
    });
  });
}

/** The same token again and again: after the first time it comes from the cache. @param {{accounts: import('../lib/accounts.js').Account[]}} data */
export function cacheRound({ accounts }) {
  const { accessToken } = ownOf(accounts);
  for (let i = 0; i < 20; i++) {
    check(http.get(`${BASE_URL}/auth/me`, bearer(accessToken)), { cached: ({ status }) => status === 200 });
  }
}

/** What is limited says so, in headers and in the answer. @param {{accounts: import('../lib/accounts.js').Account[]}} data */
export function toolRound({ accounts }) {
  const { accessToken } = ownOf(accounts);
  const params = { headers: { ...bearer(accessToken).headers, 'Content-Type': 'application/json' } };
  const body = JSON.stringify({ parameters: { expression: '17*23' } });
  const response = http.post(`${BASE_URL}/api/tools/calculator/call`, body, params);
  check(response, { calculated: (answer) => answer.status === 200 && String(answer.body).includes('391') });
}
