import { setTimeout as pause } from 'node:timers/promises';
import { alternate } from './alternate.js';
import { BARE, onStage } from './contenders.js';
import { measureLoad, TURNS } from './measure-load.js';
import { fixed, table } from './table.js';

const CALLERS = 200;
/** Far longer than the window: the first token comes when the measurement is over. */
const ASKED = { count: 1, firstMs: 60_000, gapMs: 0, even: false };
const WARM_UP_MS = 20_000;
const WINDOW_MS = 4000;

/** What an answer costs until its vendor has been asked and before anything of it comes. */
export function measure(print, { rounds = 5 }) {
  return onStage({}, async (stage) => {
    const contenders = [await stage.start(BARE), await stage.start('talksy')];
    for (const one of contenders) await measureLoad(stage, one, TURNS, WARM_UP_MS);
    const figures = await alternate(contenders, Number(rounds), (one) => measureOne(stage, one));
    const bare = figures.get(BARE);
    const rows = [...figures].map(([name, { cpuMs }]) => [name, fixed(cpuMs / bare.cpuMs), fixed(cpuMs)]);
    for (const line of table(['before the first token', 'CPU ratio', 'ms/answer'], rows)) print(line);
  });
}

async function measureOne({ load, upstream }, server) {
  await load.ask('connect', { url: server.url, tokens: server.tokens, count: CALLERS });
  try {
    const before = await server.ask('usage');
    await load.ask('begin', ASKED);
    await pause(WINDOW_MS);
    const after = await server.ask('usage');
    const finished = load.ask('finish');
    await upstream.ask('hurry');
    await finished;
    await upstream.ask('times');
    return { cpuMs: (after.cpuMs - before.cpuMs) / CALLERS };
  } finally {
    await load.ask('disconnect');
  }
}
