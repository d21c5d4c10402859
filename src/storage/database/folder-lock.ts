import type { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/**
 * A lock of the operating system on a file, taken through SQLite because Node offers none of its own. The kernel drops
 * it with the process, however that ends. Nothing else may open the file: closing it would drop the lock.
 */
export class FolderLock {
  private constructor(private readonly database: DatabaseSync) {}

  /** Undefined where this or another process holds the lock; throws where the file cannot be made. */
  static take(file: string): FolderLock | undefined {
    const { DatabaseSync } = loadSqlite();
    const database = new DatabaseSync(file);
    try {
      database.exec('pragma journal_mode = memory; pragma locking_mode = exclusive; begin exclusive');
      return new FolderLock(database);
    } catch (error) {
      database.close();
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
      throw error;
    }
  }

  /** A second call changes nothing. */
  release(): void {
    if (this.database.isOpen) this.database.close();
  }
}

/** Older Nodes print a warning when the module loads; the part used here has not changed since. */
function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
