import { post, register, withServer } from './bench-server.js';
import { median, quantile } from './figures.js';

/** An address may fail 100 times in a quarter of an hour, at one account 10 times a minute; both hold always. */
const ACCOUNTS = 12;
const WARM_UP = 2;
const PAIRS = 46;
const TIME_LIMIT_MS = 120_000;

/** How long a login takes for an unknown email and for a wrong password, over HTTP, one at a time. */
export function measure(print) {
  return withServer({ RATE_LIMIT_ENABLED: 'false' }, async ({ url }) => {
    for (let i = 0; i < ACCOUNTS; i++) await register(url, known(i), `right password ${i}`);
    const times = { unknown: [], wrong: [] };
    const deadline = performance.now() + TIME_LIMIT_MS;
    for (let i = 0; i < WARM_UP + PAIRS && performance.now() < deadline; i++) {
      // Who comes first alternates too.
      for (const kind of i % 2 ? ['unknown', 'wrong'] : ['wrong', 'unknown']) {
        const millis = await refusal(url, kind === 'wrong' ? known(i % ACCOUNTS) : `nobody-${i}@example.com`);
        if (i >= WARM_UP) times[kind].push(millis);
      }
    }
    if (times.wrong.length === 0) throw new Error('the time was up before anything was measured');
    print(`unknown email:  ${told(times.unknown)}`);
    print(`wrong password: ${told(times.wrong)}`);
    print(`ratio of the medians: ${(median(times.unknown) / median(times.wrong)).toFixed(3)}`);
  });
}

const known = (i) => `somebody-${i}@example.com`;

async function refusal(url, email) {
  const startedAt = performance.now();
  const { status } = await post(`${url}/auth/login`, { email, password: 'not the password' });
  const millis = performance.now() - startedAt;
  if (status !== 401) throw new Error(`the login of ${email} was answered with ${status} instead of 401`);
  return millis;
}

const told = (times) =>
  `median ${median(times).toFixed(1)} ms of ${times.length}, ` +
  `8 of 10 between ${quantile(times, 0.1).toFixed(1)} and ${quantile(times, 0.9).toFixed(1)} ms`;
