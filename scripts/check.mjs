/**
 * Everything that needs no running server, in well under 30 s. Each failing check says what to do about it.
 */
import { spawn } from 'node:child_process';

const bin = (name) => `node_modules/.bin/${name}`;

const CHECKS = [
  { name: 'format', command: [bin('prettier'), '--check', '--log-level=warn', '.'], advice: 'run npm run format' },
  {
    name: 'lint',
    command: [bin('oxlint')],
    advice: 'mend what is named above; a function over 40 lines or a file over 300 wants to be split by job',
  },
  {
    name: 'types',
    command: ['node_modules/typescript-native/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
    advice: 'mend the types named above',
  },
  {
    name: 'types of the load tests',
    command: ['node_modules/typescript-native/bin/tsc', '-p', 'k6/tsconfig.json'],
    advice: 'mend the types named above; k6 runs these files as they are',
  },
  {
    name: 'types of the playground',
    command: ['node_modules/typescript-native/bin/tsc', '-p', 'src/client/playground/tsconfig.json'],
    advice: 'mend the types named above; esbuild does not look at them',
  },
  {
    name: 'rooms',
    command: [bin('depcruise'), '--output-type', 'err-long', 'src'],
    advice: 'move the code to the room that the rule names; docs/architecture.md has the picture',
  },
  { name: 'generated files', command: ['scripts/generate.mjs', '--check'], advice: 'run npm run generate' },
];

function run({ command }) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: `${import.meta.dirname}/..` });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ ok: code === 0, output, seconds: (performance.now() - startedAt) / 1000 }));
  });
}

const results = await Promise.all(CHECKS.map(async (check) => ({ ...check, ...(await run(check)) })));
for (const { name, ok, output, seconds, advice } of results) {
  if (!ok) process.stdout.write(`\n${output.trim()}\n`);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)${ok ? '' : `: ${advice}`}`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
