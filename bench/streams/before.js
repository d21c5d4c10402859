import { setTimeout as pause } from 'node:timers/promises';
import { alternate } from './alternate.js';
import { BARE, onStage } from './contenders.js';
import { measureLoad, TURNS } from './measure-load.js';
import { fixed, table } from './table.js';

const CALLERS = 200;
/** Far longer than the measurement: the first token comes when that is over. */
const ASKED = { count: 1, firstMs: 60_000, gapMs: 0, even: false };
const WARM_UP_MS = 20_000;
const LOOK_MS = 20;
const ASK_LIMIT_MS = 10_000;
/** What is still to do for an answer whose vendor has been asked: the vendor's greeting, and acks. */
const SETTLE_MS = 300;

/** What an answer costs until its vendor has been asked and before anything of it comes. */
export function measure(print, { rounds = 15, vs }) {
  return onStage({ vs }, async (stage) => {
    const contenders = [];
    for (const name of [BARE, 'talksy', ...(vs ? [`talksy@${vs}`] : [])]) contenders.push(await stage.start(name));
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
    await askedByAll(upstream);
    await pause(SETTLE_MS);
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

/** A server that waits costs something too, which is not to count: it depends on how long it waits. */
async function askedByAll(upstream) {
  const limit = AbortSignal.timeout(ASK_LIMIT_MS);
  while ((await upstream.ask('asked')) < CALLERS) await pause(LOOK_MS, undefined, { signal: limit });
}
