import { registerAccounts } from './lib/accounts.js';

export { cacheRound, httpRound, toolRound } from './scenarios/http.js';
export { connectRound, limitRound, messageRound, socketToolRound, streamRound } from './scenarios/sockets.js';

/** How many virtual users, for how long. @type {Record<string, {duration: string, target: number}[]>} */
const PROFILES = {
  smoke: [{ duration: '20s', target: 2 }],
  load: [
    { duration: '1m', target: 50 },
    { duration: '5m', target: 50 },
    { duration: '1m', target: 0 },
  ],
  stress: [
    { duration: '2m', target: 100 },
    { duration: '3m', target: 400 },
    { duration: '3m', target: 800 },
    { duration: '1m', target: 0 },
  ],
  soak: [
    { duration: '2m', target: 50 },
    { duration: '56m', target: 50 },
    { duration: '2m', target: 0 },
  ],
};

/** What each scenario calls, and its share of the virtual users. */
const SCENARIOS = {
  http: ['httpRound', 0.1],
  cache: ['cacheRound', 0.1],
  tools: ['toolRound', 0.1],
  connect: ['connectRound', 0.1],
  messages: ['messageRound', 0.1],
  streams: ['streamRound', 0.4],
  socket_tools: ['socketToolRound', 0.1],
};

const profile = PROFILES[__ENV.PROFILE || 'smoke'] ?? PROFILES.smoke ?? [];
const only = __ENV.SCENARIO;

/** The limit is tried alone and by one user: with limits on, everything else would be refused too. */
const limit = { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'limitRound' };

/** @param {string} exec @param {number} share */
const ramping = (exec, share) => ({
  executor: 'ramping-vus',
  exec,
  stages: profile.map(({ duration, target }) => ({ duration, target: Math.ceil(target * share) })),
  gracefulRampDown: '30s',
});

const usual = Object.fromEntries(
  Object.entries(SCENARIOS)
    .filter(([name]) => !only || name === only)
    .map(([name, [exec, share]]) => [name, ramping(String(exec), Number(share))]),
);

/** @type {import('k6/options').Options} */
export const options = {
  scenarios: /** @type {any} */ (only === 'rate_limit' ? { rate_limit: limit } : usual),
  thresholds: {
    checks: ['rate>0.99'],
    http_req_failed: ['rate<0.01'],
    http_req_duration: ['p(95)<1000'],
    talksy_connecting: ['p(95)<1000'],
    talksy_first_chunk: ['p(95)<2000'],
    talksy_whole_answers: ['rate==1'],
    ...(only === 'rate_limit' && { talksy_limited_as_promised: ['rate==1', 'count>0'] }),
  },
};

/** Accounts for all virtual users. */
export const setup = () => ({ accounts: registerAccounts(Number(__ENV.ACCOUNTS || 10)) });
