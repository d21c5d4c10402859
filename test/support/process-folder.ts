import { TalksyProcess, temporaryFolder } from './talksy-process.js';

/** The processes of a test and the folders that they keep their data in; all of it is gone when the test has ended. */
export class ProcessFolder {
  private readonly folders: { path: string; remove: () => void }[] = [];
  private readonly running: TalksyProcess[] = [];

  /** A new empty folder. */
  make(): string {
    const made = temporaryFolder();
    this.folders.push(made);
    return made.path;
  }

  /** Starts a server and waits for its banner. */
  async start(env: Record<string, string>): Promise<TalksyProcess> {
    return this.watch(await TalksyProcess.start(env));
  }

  /** Has a process ended with the test that was started otherwise. */
  watch(server: TalksyProcess): TalksyProcess {
    this.running.push(server);
    return server;
  }

  /** To be called after each test. */
  async clear(): Promise<void> {
    await Promise.all(this.running.splice(0).map((server) => server.end('SIGKILL')));
    this.folders.splice(0).forEach(({ remove }) => remove());
  }
}
