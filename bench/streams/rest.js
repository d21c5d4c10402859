import { Agent, request } from 'undici';
import { onStage } from './contenders.js';
import { fixed, table } from './table.js';

const CALLERS = 20;
const WINDOW_MS = 5000;
const QUICK_MS = 2000;

/** REST at full speed: who I am, and logins, with cheap hashes (BCRYPT_ROUNDS=4) so that ours is what is measured. */
export function measure(print, { quick, vs }) {
  return onStage({ vs }, async (stage) => {
    const rows = [];
    for (const name of ['talksy', ...(vs ? [`talksy@${vs}`] : [])]) {
      const server = await stage.start(name);
      const windowMs = quick ? QUICK_MS : WINDOW_MS;
      const me = await rate(server, windowMs, (i) => whoAmI(server, i));
      const login = await rate(server, windowMs, (i) => logIn(server, i));
      rows.push([`${name}, auth/me`, ...told(me)], [`${name}, login`, ...told(login)]);
    }
    for (const line of table(['REST', 'requests/s', 'CPU ms each'], rows)) print(line);
  });
}

const agent = new Agent({ connections: CALLERS });
const told = ({ perSecond, cpuMs }) => [fixed(perSecond, 0), fixed(cpuMs, 3)];

async function rate(server, windowMs, call) {
  for (let i = 0; i < CALLERS; i++) await call(i);
  const { cpuMs: before } = await server.ask('usage');
  const startedAt = performance.now();
  let calls = 0;
  const caller = async () => {
    while (performance.now() - startedAt < windowMs) await call(calls++);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const seconds = (performance.now() - startedAt) / 1000;
  const { cpuMs: after } = await server.ask('usage');
  return { perSecond: calls / seconds, cpuMs: (after - before) / calls };
}

async function whoAmI({ url, tokens }, i) {
  const headers = { authorization: `Bearer ${tokens[i % tokens.length]}` };
  await expectOk(await request(`${url}/auth/me`, { headers, dispatcher: agent }));
}

async function logIn({ url, tokens }, i) {
  const body = JSON.stringify({ email: `bench-${i % tokens.length}@example.com`, password: 'correct horse 7 battery' });
  const headers = { 'content-type': 'application/json' };
  await expectOk(await request(`${url}/auth/login`, { method: 'POST', headers, body, dispatcher: agent }));
}

async function expectOk({ statusCode, body }) {
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`answered with ${statusCode}: ${text}`);
}
