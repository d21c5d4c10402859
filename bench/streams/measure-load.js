import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clockMs } from './clock.js';
import { latencyReport } from './latency-report.js';

/** While others are measured V8 gives memory back, and may throw away code: it needs some seconds to be as before. */
const RAMP_MS = 4000;

/** 50 and 200 answers at a time, one token in about 21.5 ms each: 2,336 and 9,170 tokens a second in all. */
export const MEDIUM = { callers: 50, count: 200, firstMs: 20, gapMs: (50 / 2336) * 1000 };
export const HEAVY = { callers: 200, count: 200, firstMs: 20, gapMs: (200 / 9170) * 1000 };
/** Whole short answers, one after another. */
export const TURNS = { callers: 100, count: 2, firstMs: 0, gapMs: 0, even: false };
/** By the names that the command line has for them. */
export const SCENARIOS = { medium: MEDIUM, heavy: HEAVY, turns: TURNS };

/** One server under one load for `windowMs`; CPU is what its process used in that time, in ms. */
export async function measureLoad({ load, upstream, profile }, server, scenario, windowMs) {
  const { callers, door, rampMs = Math.min(RAMP_MS, windowMs / 2), ...asked } = scenario;
  await load.ask('connect', { url: server.url, tokens: server.tokens, count: callers, door });
  try {
    await load.ask('begin', asked);
    await pause(rampMs);
    if (profile) await server.ask('beginProfile');
    const before = await snapshot(load, server);
    await pause(windowMs);
    const after = await snapshot(load, server);
    if (profile) await server.ask('endProfile', join(resolve(profile), `${server.name}.cpuprofile`));
    const answers = await finishSoon(upstream, load);
    return figures(before, after, answers, new Map(await upstream.ask('times')));
  } finally {
    await load.ask('disconnect');
  }
}

/** Has the upstream end what is under way at once; gives the load's answers. Every text is whole, or this rejects. */
export async function finishSoon(upstream, load) {
  await upstream.ask('hurry');
  const hurry = setInterval(() => void upstream.ask('hurry'), 100);
  return load.ask('finish').finally(() => clearInterval(hurry));
}

async function snapshot(load, server) {
  const [{ cpuMs, rss }, marks, redisCpuMs] = await Promise.all([
    server.ask('usage'),
    load.ask('mark'),
    server.redis?.cpuMs(),
  ]);
  return { at: clockMs(), cpuMs, rss, redisCpuMs, ...marks };
}

function figures(before, after, answers, sent) {
  const delta = (name) => after[name] - before[name];
  const [tokens, turns, seconds] = [delta('tokens'), delta('answers'), delta('at') / 1000];
  if (tokens === 0) throw new Error('nothing was delivered in the time of the measurement');
  const inWindow = answers.filter(({ cameAt }) => cameAt[0] <= after.at);
  return {
    cpuPer1000: (delta('cpuMs') / tokens) * 1000,
    cpuPerTurn: turns > 0 ? delta('cpuMs') / turns : undefined,
    redisPer1000: after.redisCpuMs === undefined ? undefined : (delta('redisCpuMs') / tokens) * 1000,
    tokensPerSecond: tokens / seconds,
    turnsPerSecond: turns / seconds,
    cores: delta('cpuMs') / 1000 / seconds,
    rssMB: after.rss / 2 ** 20,
    latency: latencyReport(
      inWindow.map((answer) => until(answer, after.at)),
      sent,
      before.at,
    ),
  };
}

/** What is hurried behind the window is no measurement. */
const until = (answer, at) => ({ ...answer, cameAt: answer.cameAt.filter((came) => came <= at) });
