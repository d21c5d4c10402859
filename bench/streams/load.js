/**
 * The load generator, a process of its own: callers that ask for one answer after another, check every text, and note
 * when each token came.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { question } from './answer-text.js';
import { answerOnce } from './checked-answer.js';
import { serveCommands } from './command-channel.js';
import { EventStreamClient } from './event-stream-client.js';
import { SocketClient } from './socket-client.js';

const DIAL_AT_ONCE = 50;

let clients = [];
let seeds = 0;
let running;

async function connect({ url, tokens, count, door = 'socket' }) {
  const startedAt = performance.now();
  for (let at = 0; at < count; at += DIAL_AT_ONCE) {
    const wave = Array.from({ length: Math.min(DIAL_AT_ONCE, count - at) }, async (_, i) => {
      const token = tokens?.[(at + i) % tokens.length];
      return door === 'socket' ? SocketClient.connect(url, token) : new EventStreamClient(url, token, door).open();
    });
    clients.push(...(await Promise.all(wave)));
  }
  return { ms: performance.now() - startedAt };
}

/**
 * Every caller asks again and again, from a different point of an answer at first, so that the load is even at once; where
 * they are many, not all of them in the same moment but within `spreadMs`.
 */
function begin({ count, firstMs, gapMs, even = true, spreadMs = 0 }) {
  running = { isOver: false, tokens: 0, answers: 0, done: [] };
  const run = running;
  run.loops = clients.map(async (client) => {
    if (spreadMs > 0) await pause(Math.random() * spreadMs);
    for (let first = even; !run.isOver; first = false) {
      const asked = { seed: ++seeds, count: first ? 1 + Math.floor(Math.random() * count) : count, firstMs, gapMs };
      const answer = await answerOnce(client, asked, (tokens) => (run.tokens += tokens));
      run.answers++;
      run.done.push(answer);
    }
  });
  // A failure is told by `finish`, and until then must not end this process.
  for (const loop of run.loops) loop.catch(() => (run.isOver = true));
}

await serveCommands({
  connect,
  begin,
  /** What has come so far. */
  mark: () => ({ tokens: running.tokens, answers: running.answers }),
  /** Lets nobody ask again; resolves when everybody has the whole of what was asked. */
  finish: async () => {
    running.isOver = true;
    await Promise.all(running.loops);
    return running.done.map(({ seed, askedAt, cameAt }) => ({ seed, askedAt, cameAt: [...cameAt] }));
  },
  /** One answer, then it is read again from the start by a number of resumes; CPU is measured around `resume`. */
  prepareResume: async ({ count }) => {
    const end = await clients[0].stream(question({ seed: ++seeds, count, firstMs: 0, gapMs: 4 }), () => 0);
    return { runId: end.runId };
  },
  resume: async ({ runId, times }) => {
    let length = 0;
    for (let i = 0; i < times; i++) length += await resumed(clients[0], runId);
    return { length };
  },
  disconnect: () => {
    for (const client of clients) client.close();
    clients = [];
  },
});

function resumed(client, runId) {
  return new Promise((resolve, reject) => {
    let length = 0;
    client.onEvent = (name, payload) => {
      if (name === 'stream_chunk') length += payload.content.length;
      else if (name === 'stream_end') resolve(length);
      else if (name === 'error') reject(new Error(JSON.stringify(payload)));
    };
    client.emit('resume_stream', { runId });
  });
}
