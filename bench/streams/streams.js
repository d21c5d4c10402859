import { alternate } from './alternate.js';
import { BARE, onStage, TICKED, UNDICI } from './contenders.js';
import { measureLoad, SCENARIOS } from './measure-load.js';
import { fixed, table } from './table.js';

const QUICK = { rounds: 1, windowMs: 4000, warmUpMs: 6000 };
/** The larger a program, the longer its compiler is at work: ours for half a minute of this load. */
const FULL = { rounds: 5, windowMs: 8000, warmUpMs: 30_000 };
/** Those that were measured before are warm but for what is new. */
const LATER_WARM_UP_MS = 8000;

/** Answers as streams: what they cost, and how long each token was on its way, as a ratio to the bare relay. */
export function measure(print, { quick, vs, rounds, only, profile, scenario }) {
  const plan = { ...(quick ? QUICK : FULL), ...(rounds && { rounds: Number(rounds) }) };
  const ours = ['talksy', ...(vs ? [`talksy@${vs}`] : []), ...(quick ? [] : ['talksy, pglite', 'talksy, redis'])];
  const names = only ? [BARE, ...only.split('+')] : [BARE, UNDICI, ...(quick ? [] : [TICKED]), ...ours];
  return onStage({ vs, profile }, async (stage) => {
    const contenders = [];
    for (const name of names) contenders.push(await stage.start(name));
    let { warmUpMs } = plan;
    for (const [name, load] of Object.entries(SCENARIOS)) {
      if (scenario && scenario !== name) continue;
      // In its quick form the undici relay is only there to prove that the other is no straw man.
      const runners = quick && name !== 'medium' ? contenders.filter((one) => one.name !== UNDICI) : contenders;
      const figures = await alternate(runners, plan.rounds, (one, isWarmUp) =>
        measureLoad(stage, one, load, isWarmUp ? warmUpMs : plan.windowMs),
      );
      warmUpMs = Math.min(warmUpMs, LATER_WARM_UP_MS);
      for (const line of name === 'turns' ? turnLines(figures) : streamLines(name, figures)) print(line);
      print('');
    }
  });
}

function streamLines(name, figures) {
  const bare = figures.get(BARE);
  const head = [
    name,
    'CPU ratio',
    'ms/1000 tokens',
    'Redis ms',
    'tokens/s',
    'cores',
    'first +p50',
    'p99',
    'delay p50',
    'p99',
    'RSS MB',
  ];
  const rows = [...figures].map(([who, own]) => {
    const { firstTokenAddedMs: first, tokenDelayMs: delay } = own.latency;
    const cpu = [fixed(own.cpuPer1000 / bare.cpuPer1000), fixed(own.cpuPer1000, 1), fixed(own.redisPer1000, 1)];
    const pace = [fixed(own.tokensPerSecond, 0), fixed(own.cores)];
    return [
      who,
      ...cpu,
      ...pace,
      ...[first.p50, first.p99, delay.p50, delay.p99].map((ms) => fixed(ms, 1)),
      fixed(own.rssMB, 0),
    ];
  });
  return table(head, rows);
}

function turnLines(figures) {
  const bare = figures.get(BARE);
  const rows = [...figures].map(([who, { cpuPerTurn, turnsPerSecond, cores }]) => [
    who,
    fixed(cpuPerTurn / bare.cpuPerTurn),
    fixed(cpuPerTurn),
    fixed(turnsPerSecond, 0),
    fixed(cores),
  ]);
  return table(['turns', 'CPU ratio', 'ms/turn', 'turns/s', 'cores'], rows);
}
