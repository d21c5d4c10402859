import { onStage } from './contenders.js';
import { measureLoad } from './measure-load.js';
import { fixed, table } from './table.js';

const STREAMS = [10, 100, 500, 1000, 2000];
const WINDOW_MS = 10_000;
/** Two tokens a second each, as of a model that thinks, so that the largest load still fits on one core. */
const SCENARIO = { count: 50, firstMs: 20, gapMs: 500 };
/** To begin costs far more than to go on; that is not what is measured here. */
const spreadMs = (streams) => streams * 8;
const SETTLE_MS = 3000;
/** A user may have three answers at a time. */
const ACCOUNTS = Math.ceil(STREAMS.at(-1) / 3) + 1;

/** From ten answers at a time to 2,000: what a token costs and waits must not grow with their number. */
export function measure(print) {
  return onStage({ accounts: ACCOUNTS }, async (stage) => {
    const server = await stage.start('talksy');
    await measureLoad(stage, server, { ...SCENARIO, callers: 100, gapMs: 20 }, 20_000);
    const rows = [];
    for (const callers of STREAMS) {
      const spread = spreadMs(callers);
      const scenario = { ...SCENARIO, callers, spreadMs: spread, rampMs: spread + SETTLE_MS };
      const { cpuPer1000, tokensPerSecond, cores, latency, rssMB } = await measureLoad(
        stage,
        server,
        scenario,
        WINDOW_MS,
      );
      const { firstTokenAddedMs: first, tokenDelayMs: delay } = latency;
      const pace = [fixed(cpuPer1000, 1), fixed(tokensPerSecond, 0), fixed(cores)];
      const waits = [first.p50, first.p99, delay.p50, delay.p99].map((ms) => fixed(ms, 1));
      rows.push([String(callers), ...pace, ...waits, fixed(rssMB, 0)]);
    }
    const head = ['streams', 'ms/1000 tokens', 'tokens/s', 'cores', 'first +p50', 'p99', 'delay p50', 'p99', 'RSS MB'];
    for (const line of table(head, rows)) print(line);
  });
}
