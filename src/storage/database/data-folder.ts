import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../config/config-error.js';
import { FolderLock } from './folder-lock.js';

interface Holder {
  pid: number;
  since: string;
}

/** The folder of everything that this server keeps on disk: the embedded database and generated secrets. */
export class DataFolder {
  private lock: FolderLock | undefined;

  /** @param path absolute; nothing is touched before `create` or `occupy`. */
  constructor(readonly path: string) {}

  /** Where the embedded database lives. */
  get pglitePath(): string {
    return join(this.path, 'pglite');
  }

  /** Makes the folder, for this user only, unless it is there. Throws ConfigError where it cannot be written. */
  create(): void {
    try {
      makeFolder(this.path);
      accessSync(this.path, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw this.unwritable(error);
    }
  }

  /** Creates the folder and holds it until `release`. Throws ConfigError where another server holds it. */
  occupy(): void {
    this.create();
    try {
      this.lock = FolderLock.take(join(this.path, 'lock'));
      if (this.lock) return writeFileSync(this.holderFile, JSON.stringify({ pid: process.pid, since: new Date() }));
    } catch (error) {
      this.release();
      throw this.unwritable(error);
    }
    throw new ConfigError(
      `DATA_DIR ${this.path} is in use by ${this.describeHolder()}; stop it or set DATA_DIR to another folder`,
    );
  }

  /** Lets others have the folder. A second call changes nothing. */
  release(): void {
    this.lock?.release();
    this.lock = undefined;
  }

  private get holderFile(): string {
    return join(this.path, 'holder.json');
  }

  /** The file only explains the lock; it may be missing for a moment, or outlive its process. */
  private describeHolder(): string {
    try {
      const { pid, since } = JSON.parse(readFileSync(this.holderFile, 'utf8')) as Holder;
      return `process ${pid} (since ${since})`;
    } catch {
      return 'another process';
    }
  }

  private unwritable(error: unknown): ConfigError {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return new ConfigError(
      `DATA_DIR ${this.path} cannot be written (${reason}); give this user write access or set DATA_DIR to another folder`,
    );
  }
}

/** Node's own recursive form never returns where a parent exists in which nothing can be made, such as `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
