import { check, fail } from 'k6';
import http from 'k6/http';
import { BASE_URL } from './target.js';

const JSON_BODY = { headers: { 'Content-Type': 'application/json' } };
const PASSWORD = 'a password for the load test';

/** @typedef {{email: string, accessToken: string, refreshToken: string}} Account */

/** @param {string} path @param {object} body */
export const post = (path, body) => http.post(`${BASE_URL}${path}`, JSON.stringify(body), JSON_BODY);

/** @param {string} token */
export const bearer = (token) => ({ headers: { Authorization: `Bearer ${token}` } });

/** @param {number} count @returns {Account[]} new accounts; the server must not limit registrations (README.md) */
export function registerAccounts(count) {
  return Array.from({ length: count }, (_, i) => {
    const email = `k6-${Date.now()}-${i}@example.com`;
    const response = post('/auth/register', { email, password: PASSWORD });
    if (response.status !== 201) fail(`registering failed with ${response.status}: ${response.body}`);
    return { email, .../** @type {any} */ (response.json('data')) };
  });
}

/** @param {Account} account @returns {Account} */
export function login({ email }) {
  const response = post('/auth/login', { email, password: PASSWORD });
  check(response, { 'logged in': ({ status }) => status === 200 });
  return { email, .../** @type {any} */ (response.json('data')) };
}

/** @param {Account[]} accounts @returns {Account} the account of this virtual user */
export const ownOf = (accounts) => /** @type {Account} */ (accounts[(__VU - 1) % accounts.length]);
