// PGlite blocks the thread it works in, so it has one of its own. Started as TypeScript by the tests: only syntax
// that can be erased, and no imports of our own files.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

interface Request {
  id: number;
  sql?: string;
  params?: unknown[];
}

const { dataDir, template } = workerData as { dataDir?: string; template?: Uint8Array<ArrayBuffer> };
const port = parentPort!;
const db = await PGlite.create({ dataDir, ...(template && { loadDataDir: new Blob([template]) }) });
port.postMessage({ id: 0, rows: [] });

/** A request without SQL closes the database. */
async function answer({ id, sql, params }: Request): Promise<void> {
  try {
    const result = sql === undefined ? await db.close() : await db.query(sql, params);
    port.postMessage({ id, rows: result?.rows ?? [], rowCount: result?.affectedRows ?? 0 });
  } catch (error) {
    const { message, code, constraint, detail } = error as Record<string, unknown>;
    port.postMessage({ id, error: { message: String(message), code, constraint, detail } });
  }
}

port.on('message', (request: Request) => void answer(request));
