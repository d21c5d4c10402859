import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../figures.js';
import { OTHER_CORES, startNode } from '../bench-server.js';
import { BARE, onStage } from './contenders.js';
import { finishSoon, SCENARIOS } from './measure-load.js';
import { fixed, table } from './table.js';

const WARM_UP_MS = 60_000;
const WINDOW_MS = 8000;
const ROUNDS = 12;

/**
 * CPU of contenders under the same load at the same time, on the same core: what slows the machine down slows all of
 * them, so a ratio is good to a few hundredths, where turns tell a tenth apart at best. Each waits for the others, so it
 * says nothing of latency. With `vs` Talksy is measured against its former state, else against the bare relay; with `only`
 * contenders by name, also `talksy, sse` and `talksy, v1`, which are asked through those doors.
 */
export async function measure(print, { vs, scenario = 'medium', rounds = ROUNDS, only }) {
  const names = only ? only.split('+') : [vs ? `talksy@${vs}` : BARE, 'talksy'];
  const isTurns = scenario === 'turns';
  await onStage({ vs }, async (stage) => {
    const runners = [];
    for (const name of names) runners.push(await begin(stage, name, SCENARIOS[scenario]));
    await pause(WARM_UP_MS);
    const costs = names.map(() => []);
    let before = await Promise.all(runners.map(snapshot));
    for (let round = 0; round < Number(rounds); round++) {
      await pause(WINDOW_MS);
      const after = await Promise.all(runners.map(snapshot));
      after.forEach((now, at) => costs[at].push(costOf(before[at], now, isTurns)));
      before = after;
    }
    await Promise.all(runners.map(({ load }) => finishSoon(stage.upstream, load)));
    const unit = isTurns ? 'ms/turn' : 'ms/1000 tokens';
    const rows = names.map((name, at) => {
      const ratios = costs[at].map((cost, round) => cost / costs[0][round]).toSorted((a, b) => a - b);
      const quartile = (n) => fixed(ratios[Math.floor((ratios.length * n) / 4)]);
      return [
        name,
        fixed(median(ratios)),
        `${quartile(1)} to ${quartile(3)}`,
        fixed(median(costs[at]), isTurns ? 2 : 1),
      ];
    });
    for (const line of table([`${scenario}, together`, 'CPU ratio', 'half of all rounds', unit], rows)) print(line);
  });
}

/** Each has callers of its own; the upstream is one for all. */
async function begin(stage, name, { callers, ...asked }) {
  const server = await stage.start(name);
  const load = startNode(new URL('load.js', import.meta.url).pathname, { core: OTHER_CORES });
  stage.ends.push(load.stop);
  const [door] = /\b(sse|v1)\b/.exec(name) ?? [];
  await load.ask('connect', { url: server.url, tokens: server.tokens, count: callers, door });
  await load.ask('begin', asked);
  return { server, load };
}

async function snapshot({ server, load }) {
  const [{ cpuMs }, marks] = await Promise.all([server.ask('usage'), load.ask('mark')]);
  return { cpuMs, ...marks };
}

function costOf(before, after, isTurns) {
  const delta = (name) => after[name] - before[name];
  return delta('cpuMs') / (isTurns ? delta('answers') : delta('tokens') / 1000);
}
