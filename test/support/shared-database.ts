import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppParts } from '../../src/app.module.js';
import { DataFolder } from '../../src/storage/database/data-folder.js';
import type { Database } from '../../src/storage/database/database.js';
import { openMemoryDatabase } from './test-database.js';

/** What several nodes on one database have in common in their environment. */
export const NODES_ENV = {
  // Never dialled: the nodes are given the open database. It tells them that they are not alone on it.
  DATABASE_URL: 'postgres://shared/database',
  JWT_SECRET: 'a secret that all nodes of the test share',
  REFRESH_SECRET: 'another secret that all of the nodes share',
};

/** A database that the nodes of one process share; none of them closes it. */
export class SharedDatabase {
  private readonly folders: string[] = [];

  private constructor(readonly database: Database) {}

  static async open(): Promise<SharedDatabase> {
    return new SharedDatabase(await openMemoryDatabase());
  }

  /** What the next node is started with. */
  parts(): AppParts {
    const folder = mkdtempSync(join(tmpdir(), 'talksy-node-'));
    this.folders.push(folder);
    const unclosable = Object.create(this.database, { close: { value: async () => undefined } }) as Database;
    return { storage: { folder: new DataFolder(folder), database: Promise.resolve(unclosable) } };
  }

  async close(): Promise<void> {
    await this.database.close();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }
}
