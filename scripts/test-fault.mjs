/**
 * Three real nodes, a real Redis and a real PostgreSQL, and what can happen to them. `--full` drives a hundred answers
 * of 300 tokens through every fault; `--fault <part of a name>` tries only those.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { full, fault } = parseArgs({ options: { full: { type: 'boolean' }, fault: { type: 'string' } } }).values;
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const { status } = spawnSync(
  process.execPath,
  // One file after the other: what one does to the machine must not be measured by the other.
  [...jest, '--runInBand', '--selectProjects', 'e2e', '--testPathPatterns', 'test/fault'],
  {
    stdio: 'inherit',
    env: { ...process.env, ...(full && { TALKSY_FAULTS: 'full' }), ...(fault && { TALKSY_FAULT: fault }) },
  },
);
process.exitCode = status ?? 1;
