import type { RunRecord } from '../../run/run-event.js';
import { FOLLOW_BATCH } from '../../run/run-log.port.js';
import type { EventPacket } from './event-packet.js';

/** Runs whose packets are remembered at least: followers read the same records within moments of each other. */
const REMEMBERED_RUNS = 256;

type Encode<R> = (record: R, runId: string) => EventPacket;

/** The newest packets of one run, a batch of them, each in the place of its seq. */
class NewestPackets<R extends RunRecord> {
  private readonly records: R[] = [];
  private readonly packets: EventPacket[] = [];

  of(record: R, runId: string, encode: Encode<R>): EventPacket {
    const at = record.seq % FOLLOW_BATCH;
    if (this.records[at] !== record) {
      this.records[at] = record;
      this.packets[at] = encode(record, runId);
    }
    return this.packets[at]!;
  }
}

/**
 * Remembers a record's packet for a short while, so that it is encoded once and not once per follower. By run and seq:
 * an object as key would cost each record a hash, and the collector a visit to each.
 */
export function encodeOnce<R extends RunRecord>(encode: Encode<R>): Encode<R> {
  let runs = new Map<string, NewestPackets<R>>();
  let older = runs;
  return (record, runId) => {
    let newest = runs.get(runId) ?? older.get(runId);
    if (!newest) {
      if (runs.size >= REMEMBERED_RUNS) [older, runs] = [runs, new Map()];
      runs.set(runId, (newest = new NewestPackets()));
    }
    return newest.of(record, runId, encode);
  };
}
