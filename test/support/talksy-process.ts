import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUICK } from './talksy-app.js';
import { within } from './within.js';

/** Starting may have to make a new database, on a machine that is busy with other tests. */
const START_LIMIT_MS = 30_000;

/** Flags of Node for a server that collects its garbage when it is asked to. */
export const COLLECTABLE = ['--expose-gc', '--import', 'data:text/javascript,process.on("SIGUSR2",()=>gc())'];

/** The built server as its own process, as `npm start` runs it. */
export class TalksyProcess {
  out = '';
  err = '';
  readonly exited: Promise<number | null>;
  private readonly watchers = new Set<() => void>();

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (data: Buffer) => this.note('out', data));
    child.stderr?.on('data', (data: Buffer) => this.note('err', data));
    this.exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
    void this.exited.then(() => this.watchers.forEach((look) => look()));
  }

  /** Starts it and returns at once. */
  static spawn(env: Record<string, string>, nodeFlags: readonly string[] = []): TalksyProcess {
    const inherited = { PATH: process.env['PATH'] ?? '' };
    const args = [...nodeFlags, 'dist/main.js'];
    return new TalksyProcess(spawn(process.execPath, args, { env: { ...inherited, ...QUICK, ...env } }));
  }

  /** Starts it and waits for the banner. */
  static async start(env: Record<string, string>, nodeFlags: readonly string[] = []): Promise<TalksyProcess> {
    const server = TalksyProcess.spawn(env, nodeFlags);
    await server.until(() => server.url !== undefined);
    return server;
  }

  get url(): string | undefined {
    return /http:\/\/localhost:\d+/.exec(this.out)?.[0];
  }

  /** Asks it for a collection of garbage, now or very soon; for a server that was started with `COLLECTABLE`. */
  collectGarbage(): void {
    this.child.kill('SIGUSR2');
  }

  /** Ends the process, with SIGTERM unless told otherwise; resolves with its exit code, null for a signal. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return within(`the end after ${signal}`, this.exited, START_LIMIT_MS);
  }

  private async until(condition: () => boolean): Promise<void> {
    const met = new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (condition()) resolve();
        else if (this.child.exitCode !== null) reject(new Error(`the server ended: ${this.err}`));
      };
      this.watchers.add(look);
      look();
    });
    await within('the start of the server', met, START_LIMIT_MS);
  }

  private note(stream: 'out' | 'err', data: Buffer): void {
    this[stream] += data.toString();
    this.watchers.forEach((look) => look());
  }
}

/** A new empty folder, and the way to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'talksy-data-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
