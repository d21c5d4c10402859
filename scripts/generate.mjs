/**
 * Writes the documents that follow from the code. With `--check` it writes nothing and fails where one is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import './typescript-sources.mjs';
import { configPage } from './documents/config-page.mjs';
import { envExample } from './documents/env-example.mjs';
import { errorsPage } from './documents/errors-page.mjs';

const { ERROR_CODES } = await import('../src/common/errors/error-codes.ts');
const { VARIABLE_GROUPS } = await import('../src/config/variables/groups.ts');

const documents = {
  '.env.example': envExample(VARIABLE_GROUPS),
  'docs/CONFIG.md': configPage(VARIABLE_GROUPS),
  'docs/ERRORS.md': errorsPage(ERROR_CODES),
};

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

process.chdir(`${import.meta.dirname}/..`);
const outdated = Object.keys(documents).filter((path) => textOf(path) !== documents[path]);
if (process.argv.includes('--check')) {
  for (const path of outdated) console.error(`${path} is out of date: run npm run generate`);
  process.exitCode = outdated.length > 0 ? 1 : 0;
} else {
  for (const path of outdated) writeFileSync(path, documents[path]);
  console.log(outdated.length > 0 ? `written: ${outdated.join(', ')}` : 'everything is up to date');
}
