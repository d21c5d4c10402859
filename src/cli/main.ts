#!/usr/bin/env node
import { usageOf } from './commands.js';

const [command = '', ...rest] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...rest);

if (command === 'start') await import('../main.js');
else if (command === 'chat') await import('../client/terminal/main.js');
else if (command === 'verify') await import('../verify/main.js');
else {
  process.stderr.write(usageOf(command));
  process.exitCode = command === '' || command === '--help' ? 0 : 2;
}
