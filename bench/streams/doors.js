import { alternate } from './alternate.js';
import { onStage } from './contenders.js';
import { measureLoad, MEDIUM } from './measure-load.js';
import { fixed, table } from './table.js';

const DOORS = { socket: 'user_message_stream', sse: 'project chat, SSE', v1: '/v1/chat/completions' };
const WINDOW_MS = 8000;
const QUICK_MS = 3000;
const ROUNDS = 3;

/** The same answers through every door, as a ratio to the socket's. */
export function measure(print, { quick, rounds }) {
  return onStage({}, async (stage) => {
    const server = await stage.start('talksy');
    const doors = [];
    for (const [door, title] of Object.entries(DOORS)) {
      if (door === 'socket' || (await answers(server, door))) doors.push({ name: title, door });
      else print(`not run: ${title} (this server has no such door)`);
    }
    const figures = await alternate(doors, quick ? 1 : Number(rounds ?? ROUNDS), ({ door }) =>
      measureLoad(stage, server, { ...MEDIUM, door }, quick ? QUICK_MS : WINDOW_MS),
    );
    const socket = figures.get(DOORS.socket);
    const head = ['medium', 'CPU ratio', 'ms/1000 tokens', 'first +p50', 'p99', 'delay p50', 'p99'];
    const rows = [...figures].map(([name, { cpuPer1000, latency }]) => {
      const { firstTokenAddedMs: first, tokenDelayMs: delay } = latency;
      const waits = [first.p50, first.p99, delay.p50, delay.p99].map((ms) => fixed(ms, 1));
      return [name, fixed(cpuPer1000 / socket.cpuPer1000), fixed(cpuPer1000, 1), ...waits];
    });
    for (const line of table(head, rows)) print(line);
  });
}

async function answers({ url }, door) {
  const path = door === 'sse' ? '/api/editorChat/stream/bench' : '/v1/chat/completions';
  return (await fetch(`${url}${path}`, { method: 'POST' })).status !== 404;
}
