import { setTimeout as pause } from 'node:timers/promises';
import { onStage } from './contenders.js';
import { measureLoad, MEDIUM } from './measure-load.js';
import { fixed } from './table.js';

/** Caches, compiled code and ended logs fill up first; growth is counted from here. */
const WARM_UP_SHARE = 0.3;
const SLICE_MS = 20_000;
const MAX_GROWTH = 0.05;
/** Ended logs go after this long, so that they are of one size for most of the time. */
const RETENTION_MS = 30_000;

/** A steady load for a long time; what is in use after a collection must not grow by 5 %. */
export function measure(print, { minutes }) {
  const totalMs = Number(minutes) * 60_000;
  return onStage({ env: { RUN_LOG_RETENTION_MS: String(RETENTION_MS), JWT_ACCESS_EXPIRY: '12h' } }, async (stage) => {
    const server = await stage.start('talksy');
    const startedAt = performance.now();
    const samples = [];
    while (performance.now() - startedAt < totalMs) {
      const { tokensPerSecond, latency } = await measureLoad(stage, server, MEDIUM, Math.min(SLICE_MS, totalMs / 5));
      await pause(500);
      await server.ask('collect');
      const { heapUsed, external, rss } = await server.ask('usage');
      const share = (performance.now() - startedAt) / totalMs;
      samples.push({ share, bytes: heapUsed + external });
      print(
        `${fixed((share * totalMs) / 60_000, 1)} min: ${fixed((heapUsed + external) / 2 ** 20, 1)} MB in use, ` +
          `RSS ${fixed(rss / 2 ** 20, 0)} MB, ${fixed(tokensPerSecond, 0)} tokens/s, p99 ${latency.tokenDelayMs.p99} ms`,
      );
    }
    const growth = growthOf(samples.filter(({ share }) => share >= WARM_UP_SHARE));
    print(`growth behind the first ${WARM_UP_SHARE * 100} %: ${fixed(growth * 100, 1)} %`);
    if (growth > MAX_GROWTH) throw new Error(`memory in use grew by ${fixed(growth * 100, 1)} %`);
  });
}

/** Of the straight line through the samples, from its first to its last; single ones go up and down. */
function growthOf(samples) {
  const mean = (pick) => samples.reduce((sum, one) => sum + pick(one), 0) / samples.length;
  const [x, y] = [mean(({ share }) => share), mean(({ bytes }) => bytes)];
  const above = samples.reduce((sum, { share, bytes }) => sum + (share - x) * (bytes - y), 0);
  const below = samples.reduce((sum, { share }) => sum + (share - x) ** 2, 0);
  if (below === 0) return 0;
  const slope = above / below;
  const at = (share) => y + slope * (share - x);
  return at(samples.at(-1).share) / at(samples[0].share) - 1;
}
