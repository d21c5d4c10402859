import type { CheckedStream } from './checked-stream.js';
import type { NodeFleet } from './node-fleet.js';

/** A store that the trial may stop and start again; a deployment's own stores are not. */
export interface RestartableStore {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** What a fault is staged on. */
export interface FaultStage {
  readonly fleet: NodeFleet;
  readonly streams: readonly CheckedStream[];
  readonly redis?: RestartableStore;
  readonly postgres?: RestartableStore;
}

/** One way in which things break. */
export interface Fault {
  readonly name: string;
  /** Whether another node must have gone on with at least one answer for the trial to have proved anything. */
  readonly impliesTakeover: boolean;
  /** Of the streams in mid-answer, those that the fault really touches. */
  touches(stream: CheckedStream, stage: FaultStage): boolean;
  /** Why it cannot be staged here. */
  missing?(stage: FaultStage): string | undefined;
  /** Chunk numbers at which a stream's own connection is cut. */
  cuts?(): readonly number[];
  /** Breaks things and mends them again. */
  stage(stage: FaultStage): Promise<void>;
}
