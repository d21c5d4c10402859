import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const START_LIMIT_MS = 60_000;
const POLL_MS = 50;
/** Log lines kept for people who must find out why a trial failed. */
const KEPT_LINES = 200;

/** One server as its own process, which can be killed, paused and started again at the same address. */
export class NodeProcess {
  /** Answers of other nodes that this one has gone on with. */
  takeovers = 0;
  readonly lines: string[] = [];
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();

  constructor(
    private readonly server: string,
    private readonly env: Readonly<Record<string, string>>,
    readonly url: string,
  ) {}

  /** Resolves when the node is ready to serve; rejects where it ends or takes too long. */
  async start(): Promise<void> {
    const { PATH = '' } = this.env;
    const child = spawn(process.execPath, [this.server], {
      env: { ...this.env, PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.exited = new Promise((resolve) => child.once('close', () => resolve()));
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => this.note(line));
    const giveUpAt = performance.now() + START_LIMIT_MS;
    while (!(await this.isReady())) {
      const late = performance.now() > giveUpAt;
      if (child.exitCode !== null || late) throw new Error(`a node did not start: ${this.lines.slice(-5).join(' | ')}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Sends a signal and returns at once. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends it; resolves when the process is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    await this.exited;
  }

  private async isReady(): Promise<boolean> {
    const answer = fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(1000) });
    return answer.then(
      ({ ok }) => ok,
      () => false,
    );
  }

  private note(line: string): void {
    if (line.includes('a run was taken over')) this.takeovers++;
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
  }
}
