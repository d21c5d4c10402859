import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { VARIABLE_GROUPS } from '../../src/config/variables/groups.js';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe('The generated documents', () => {
  it('are up to date (if not: npm run generate)', () => {
    execFileSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: root, stdio: 'pipe' });
  });
});

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links only to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
    const relative = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(relative.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const run = [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name!);
    const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, name]) => name!);
    expect([...run, ...short].filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names only files that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|scripts|docs|ops)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('The README', () => {
  it('lists only variables that the server reads', () => {
    const listed = [...read('README.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    const known = VARIABLE_GROUPS.flatMap((group) => Object.keys(group.variables));
    expect(known).toEqual(expect.arrayContaining(listed));
  });
});

describe('The build server', () => {
  it('runs what the README says and nothing else', () => {
    expect(statSync(join(root, '.ci/run')).mode & 0o111).not.toBe(0);
    const commands = read('.ci/run')
      .split('\n')
      .filter((line) => line.startsWith('npm '));
    expect(commands).toEqual(['npm ci', 'npm run check', 'npm test']);
    for (const command of commands) expect(read('README.md')).toContain(command);
  });
});
