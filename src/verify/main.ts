import { join } from 'node:path';
import { verify } from './verify.js';

const server = join(import.meta.dirname, '../main.js');
process.exitCode = await verify(process.argv.slice(2), server, (line) => void process.stdout.write(`${line}\n`));
