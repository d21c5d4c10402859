import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { withServer } from './bench-server.js';

const CONNECTIONS = 10_000;
const WAVE = 200;
const WARM_UP_WAVES = 5;
const TIME_LIMIT_MS = 180_000;
const ANSWER_LIMIT_MS = 15_000;
/** So that closed sockets are gone before garbage is collected. */
const SETTLE_MS = 2000;

/** Refuses ten thousand connections without a token, and compares the server's memory before and after. */
export function measure(print) {
  return withServer({}, async (server) => {
    const fresh = await memory(server);
    const warmUp = await storm(server.url, WARM_UP_WAVES);
    const before = await memory(server);
    const counts = await storm(server.url, CONNECTIONS / WAVE);
    const after = await memory(server);
    const { refused, letIn, unanswered, other, seconds } = counts;
    print(`refused as UNAUTHORIZED: ${refused} of ${refused + letIn + unanswered + other}`);
    print(`let in: ${letIn}, refused otherwise: ${other}, unanswered: ${unanswered}`);
    print(`rate: ${(refused / seconds).toFixed(0)} a second, in waves of ${WAVE}, the client on the same machine`);
    print(`just started:              ${told(fresh)}`);
    print(`after ${WARM_UP_WAVES * WAVE} to warm up:     ${told(before)}`);
    print(`after ${CONNECTIONS} more:          ${told(after)}`);
    const strangers = warmUp.letIn + letIn;
    if (strangers > 0) throw new Error(`${strangers} connections without a token were let in`);
  });
}

async function storm(url, waves) {
  const counts = { refused: 0, letIn: 0, unanswered: 0, other: 0 };
  const startedAt = performance.now();
  for (let wave = 0; wave < waves && performance.now() - startedAt < TIME_LIMIT_MS; wave++) {
    const outcomes = await Promise.all(Array.from({ length: WAVE }, () => knock(url)));
    for (const outcome of outcomes) counts[outcome]++;
  }
  return { ...counts, seconds: (performance.now() - startedAt) / 1000 };
}

/** One connection without a token; what became of it. */
async function knock(url) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  let timer;
  const outcome = await new Promise((resolve) => {
    timer = setTimeout(() => resolve('unanswered'), ANSWER_LIMIT_MS);
    socket.once('connect', () => resolve('letIn'));
    socket.once('connect_error', ({ data }) => resolve(data?.code === 'UNAUTHORIZED' ? 'refused' : 'other'));
  });
  clearTimeout(timer);
  socket.disconnect();
  return outcome;
}

async function memory({ url, collectGarbage }) {
  await pause(SETTLE_MS);
  await collectGarbage();
  const response = await fetch(`${url}/health/detailed`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  const { checks } = await response.json();
  return { rss: checks.memory.rssBytes, heap: checks.memory.heapUsedBytes, sessions: checks.sessions.total };
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const told = ({ rss, heap, sessions }) => `RSS ${megabytes(rss)}, heap ${megabytes(heap)}, ${sessions} sessions`;
