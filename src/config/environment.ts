import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.js';

/**
 * The process's environment, completed by the file `.env` of the working folder, if there is one; what the process was
 * given wins. Read here and nowhere else. Throws ConfigError where the file is there but cannot be read.
 */
export function environment(file = '.env'): NodeJS.ProcessEnv {
  return { ...variablesIn(file), ...process.env };
}

function variablesIn(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigError(`${file} cannot be read (${code}); make it a file that this user may read, or remove it`);
  }
}
