import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../config/config-error.js';
import { DataFolder } from './data-folder.js';

/** Takes a lock as any other program would: through SQLite, without our code. Prints what came of it. */
const FOREIGN_LOCK = `
  const { DatabaseSync } = require('node:sqlite');
  try { new DatabaseSync(process.argv[1]).exec('begin exclusive'); console.log('locked'); }
  catch (error) { console.log(error.errstr); }
  if (process.argv[2]) process.kill(process.pid, process.argv[2]);
`;
const lockFromOutside = (folder: DataFolder, signal = ''): string =>
  spawnSync(process.execPath, ['--no-warnings', '-e', FOREIGN_LOCK, join(folder.path, 'lock'), signal], {
    encoding: 'utf8',
    env: {},
  }).stdout.trim();

const refusalOf = (act: () => void): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return 'no refusal';
};

describe('DataFolder', () => {
  let base: string;
  let folder: DataFolder;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'talksy-data-'));
    folder = new DataFolder(join(base, 'deep', 'data'));
  });
  afterEach(() => {
    folder.release();
    rmSync(base, { recursive: true });
  });

  it('is made for its user only', () => {
    folder.create();
    folder.create();
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(folder.pglitePath).toBe(join(folder.path, 'pglite'));
  });

  it('leaves nothing behind but the lock and who holds it', () => {
    folder.occupy();
    expect(readdirSync(folder.path).toSorted()).toEqual(['holder.json', 'lock']);
  });

  it('refuses a second holder in the same process, and names the first', () => {
    folder.occupy();
    expect(refusalOf(() => new DataFolder(folder.path).occupy())).toMatch(
      new RegExp(
        `^DATA_DIR ${folder.path} is in use by process ${process.pid} \\(since \\d{4}-.*Z\\); ` +
          'stop it or set DATA_DIR to another folder$',
      ),
    );
  });

  it('refuses a holder whose name is not known', () => {
    folder.occupy();
    rmSync(join(folder.path, 'holder.json'));
    expect(refusalOf(() => new DataFolder(folder.path).occupy())).toContain('is in use by another process');
  });

  it('keeps other processes out until it is released', () => {
    folder.occupy();
    expect(lockFromOutside(folder)).toBe('database is locked');
    folder.release();
    folder.release();
    expect(lockFromOutside(folder)).toBe('locked');
  });

  it('is free again after its holder was killed', () => {
    folder.create();
    expect(lockFromOutside(folder, 'SIGKILL')).toBe('locked');
    folder.occupy();
    expect(lockFromOutside(folder)).toBe('database is locked');
  });

  it('says how to mend a folder that cannot be made', () => {
    const file = join(base, 'file');
    writeFileSync(file, '');
    const impossible = new DataFolder(join(file, 'data'));
    const refusal =
      `DATA_DIR ${impossible.path} cannot be written (ENOTDIR); ` +
      'give this user write access or set DATA_DIR to another folder';
    expect(refusalOf(() => impossible.create())).toBe(refusal);
    expect(refusalOf(() => impossible.occupy())).toBe(refusal);
  });

  it('says so where the system lets nobody make folders, and does not try for ever', () => {
    if (process.platform !== 'linux') return;
    expect(refusalOf(() => new DataFolder('/proc/talksy/data').create())).toMatch(/^DATA_DIR \/proc\/talksy\/data /);
  });

  it('says how to mend a folder in which the lock cannot be made', () => {
    folder.create();
    writeFileSync(join(folder.path, 'lock'), 'this is no lock, and longer than one hundred bytes: '.repeat(4));
    expect(refusalOf(() => folder.occupy())).toContain(`DATA_DIR ${folder.path} cannot be written (ERR_SQLITE_ERROR)`);
  });
});
