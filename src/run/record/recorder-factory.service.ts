import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RunMetrics } from '../run-metrics.service.js';
import { AppendTimes } from './append-times.js';
import { RunLog } from '../run-log.port.js';
import { FlushTick } from './flush-tick.js';
import type { Transcript } from '../transcript.js';
import { RunRecorder } from './run-recorder.js';

/** Opens logs for writing; owns the one tick that all recorders share. */
@Injectable()
export class RecorderFactory implements OnApplicationShutdown {
  private readonly tick = new FlushTick();

  constructor(
    readonly log: RunLog,
    private readonly metrics: RunMetrics,
  ) {}

  /** Begins the log of a new run. Rejects with RunLogRefusal where a higher term has begun. */
  async begin(runId: string, epoch: number, onFailure: (error: unknown) => void): Promise<RunRecorder> {
    await this.log.open(runId, epoch);
    const times = new AppendTimes(this.metrics, true);
    return new RunRecorder(this.log, this.tick, { runId, epoch, onFailure, times });
  }

  /** Goes on behind what the log holds, in a term that it has opened already. */
  resume(runId: string, epoch: number, transcript: Transcript, onFailure: (error: unknown) => void): RunRecorder {
    this.metrics.takenOver();
    const times = new AppendTimes(this.metrics, false);
    return new RunRecorder(this.log, this.tick, { runId, epoch, onFailure, times }, transcript);
  }

  onApplicationShutdown(): void {
    this.tick.stop();
  }
}
