import { setTimeout as pause } from 'node:timers/promises';
import { BARE, onStage } from './contenders.js';
import { fixed, table } from './table.js';

const WARM_UP = 300;
const CONNECTIONS = 3000;
const QUICK_CONNECTIONS = 1000;
/** So that what the connecting took is gone before garbage is collected. */
const SETTLE_MS = 1500;

/** What a connection costs that says nothing: for Talksy one with its account and its session. */
export function measure(print, { quick, vs }) {
  return onStage({ vs }, async (stage) => {
    const rows = [];
    for (const name of [BARE, 'talksy', ...(vs ? [`talksy@${vs}`] : [])]) {
      const figures = await measureOne(stage, await stage.start(name), quick ? QUICK_CONNECTIONS : CONNECTIONS);
      const bare = rows[0]?.figures ?? figures;
      const ratios = [fixed(figures.heap / bare.heap), fixed(figures.heap, 1), fixed(figures.rss, 1)];
      rows.push({
        figures,
        cells: [name, ...ratios, fixed(figures.cpu / bare.cpu), fixed(figures.cpu), fixed(figures.rate, 0)],
      });
    }
    const head = ['idle connections', 'heap ratio', 'heap kB', 'RSS kB', 'CPU ratio', 'ms/connect', 'connects/s'];
    for (const line of table(
      head,
      rows.map(({ cells }) => cells),
    ))
      print(line);
  });
}

async function measureOne({ load }, server, count) {
  const { url, tokens } = server;
  await load.ask('connect', { url, tokens, count: WARM_UP });
  await load.ask('disconnect');
  const before = await settled(server);
  const { ms } = await load.ask('connect', { url, tokens, count });
  const { cpuMs } = await server.ask('usage');
  const after = await settled(server);
  await load.ask('disconnect');
  const each = (name) => (after[name] - before[name]) / count / 1024;
  return {
    heap: each('heapUsed') + each('external'),
    rss: each('rss'),
    cpu: (cpuMs - before.cpuMs) / count,
    rate: (count / ms) * 1000,
  };
}

async function settled(server) {
  await pause(SETTLE_MS);
  await server.ask('collect');
  return server.ask('usage');
}
