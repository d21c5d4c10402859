/**
 * `npm run bench`: measures what docs/SECURITY.md says cannot be a test, because it depends on the machine.
 * `npm run bench -- auth login connections` runs the named parts only. Figures are printed; only a wrong answer of the
 * server, or a part that could not be measured, makes it exit with 1.
 */
const PARTS = {
  auth: () => import('./auth-check.js'),
  login: () => import('./login-timing.js'),
  connections: () => import('./tokenless-connections.js'),
};

async function run(name) {
  process.stdout.write(`\n${name}\n`);
  try {
    const { measure } = await PARTS[name]();
    await measure((line) => void process.stdout.write(`  ${line}\n`));
    return true;
  } catch (error) {
    process.stderr.write(`  FAILED: ${error.stack}\n`);
    return false;
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(1);
}
process.stdout.write(`Node ${process.versions.node}, ${process.platform} ${process.arch}\n`);
let isRight = true;
// One after the other: they would disturb each other's figures.
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) isRight = (await run(name)) && isRight;
process.exit(isRight ? 0 : 1);
