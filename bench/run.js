/**
 * `npm run bench`: measures what cannot be a test, because it depends on the machine: speed against relays written by
 * hand and against Talksy before a change (docs/PERFORMANCE.md), and what docs/SECURITY.md says. Figures are printed;
 * only a wrong answer of the server, or a part that could not be measured, makes it exit with 1.
 *
 *     npm run bench                          all parts but the soak
 *     npm run bench -- --quick               the most important figures, in about two minutes
 *     npm run bench -- streams rest          the named parts
 *     npm run bench -- streams --vs HEAD~3   also against that state of the code
 *     npm run bench -- together --vs HEAD~3  the CPU of both at the same time: good to a few hundredths
 *     npm run bench -- streams --only talksy --scenario medium --profile ./profiles
 *     npm run bench -- soak --minutes 30
 */
import { parseArgs } from 'node:util';

const PARTS = {
  streams: () => import('./streams/streams.js'),
  together: () => import('./streams/together.js'),
  doors: () => import('./streams/doors.js'),
  idle: () => import('./streams/idle.js'),
  rest: () => import('./streams/rest.js'),
  resume: () => import('./streams/resume.js'),
  latency: () => import('./streams/latency.js'),
  before: () => import('./streams/before.js'),
  growth: () => import('./streams/growth.js'),
  soak: () => import('./streams/soak.js'),
  auth: () => import('./auth-check.js'),
  login: () => import('./login-timing.js'),
  connections: () => import('./tokenless-connections.js'),
};
const QUICK_PARTS = ['streams', 'idle'];

async function run(name, options) {
  process.stdout.write(`\n${name}\n`);
  try {
    const { measure } = await PARTS[name]();
    await measure((line) => void process.stdout.write(`  ${line}\n`), options);
    return true;
  } catch (error) {
    process.stderr.write(`  FAILED: ${error.stack}\n`);
    return false;
  }
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    vs: { type: 'string' },
    minutes: { type: 'string', default: '30' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    scenario: { type: 'string' },
    profile: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(1);
}
const usual = options.quick ? QUICK_PARTS : Object.keys(PARTS).filter((name) => !['soak', 'latency'].includes(name));
process.stdout.write(`Node ${process.versions.node}, ${process.platform} ${process.arch}\n`);
let isRight = true;
// One after the other: they would disturb each other's figures.
for (const name of positionals.length > 0 ? positionals : usual) isRight = (await run(name, options)) && isRight;
process.exit(isRight ? 0 : 1);
