import { onStage } from './contenders.js';
import { measureLoad } from './measure-load.js';

const SMALL = { callers: 2, count: 10, firstMs: 5, gapMs: 5 };
const WINDOW_MS = 2500;

/** The latency report of a small load on one server, as one line of JSON: what `test:latency` reads. */
export function measure(print) {
  return onStage({ accounts: SMALL.callers, stores: false }, async (stage) => {
    const figures = await measureLoad(stage, await stage.start('talksy, pglite'), SMALL, WINDOW_MS);
    print(
      JSON.stringify({ tokensPerSecond: figures.tokensPerSecond, cpuPer1000: figures.cpuPer1000, ...figures.latency }),
    );
  });
}
