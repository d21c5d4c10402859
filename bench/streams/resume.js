import { onStage } from './contenders.js';
import { fixed } from './table.js';

const TOKENS = 1000;
const TIMES = 500;
const WARM_UP = 50;

/** What it costs to read an answer again from its start, out of its log, beside what it cost to stream it. */
export function measure(print, { quick }) {
  return onStage({}, async (stage) => {
    const server = await stage.start('talksy');
    const { load } = stage;
    await load.ask('connect', { url: server.url, tokens: server.tokens, count: 1 });
    const { runId } = await load.ask('prepareResume', { count: TOKENS });
    await load.ask('resume', { runId, times: WARM_UP });
    const times = quick ? TIMES / 5 : TIMES;
    const { cpuMs: before } = await server.ask('usage');
    const { length } = await load.ask('resume', { runId, times });
    const { cpuMs: after } = await server.ask('usage');
    await load.ask('disconnect');
    print(
      `one resume of an answer of ${TOKENS} tokens (${length / times} characters): ${fixed((after - before) / times)} ms of CPU`,
    );
  });
}
