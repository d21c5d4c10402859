import type { RunRecord } from '../../src/run/run-event.js';
import { type LogHead, RunLog } from '../../src/run/run-log.port.js';

/** One node's connection to a log: once severed nothing of the node reaches the log, and nothing comes back. */
export class SeverableLog extends RunLog {
  override readonly shared: boolean;
  private readonly silence: Promise<never> = new Promise(() => undefined);
  private severed = false;

  constructor(private readonly log: RunLog) {
    super();
    this.shared = log.shared;
  }

  sever(): void {
    this.severed = true;
  }

  override open(runId: string, epoch: number): Promise<LogHead> {
    return this.severed ? this.silence : this.log.open(runId, epoch);
  }

  override append(runId: string, records: readonly RunRecord[]): Promise<void> | undefined {
    return this.severed ? this.silence : this.log.append(runId, records);
  }

  override find(runId: string): Promise<LogHead | undefined> {
    return this.severed ? this.silence : this.log.find(runId);
  }

  override follow(runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<readonly RunRecord[]> {
    return this.log.follow(runId, afterSeq, signal);
  }

  override requestStop(runId: string): Promise<boolean> {
    return this.severed ? this.silence : this.log.requestStop(runId);
  }

  override async untilStopRequested(runId: string, signal: AbortSignal): Promise<boolean> {
    const asked = await this.log.untilStopRequested(runId, signal);
    return this.severed ? this.silence : asked;
  }

  override retire(runId: string, retentionMs: number): Promise<void> {
    return this.severed ? this.silence : this.log.retire(runId, retentionMs);
  }
}
