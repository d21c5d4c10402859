import type { RunRecord } from '../../run/run-event.js';
import { FOLLOW_BATCH } from '../../run/run-log.port.js';
import type { EventPacket } from './event-packet.js';

type Encode<R> = (record: R, runId: string) => EventPacket;

/**
 * Remembers the packets of one batch, so that a record is encoded once and not once per follower: those of a run read a
 * batch one right after the other. No more than that, or all packets would outlive the collector's young generation.
 */
export function encodeOnce<R extends RunRecord>(encode: Encode<R>): Encode<R> {
  // Each in the place of its seq: an object as key would cost each record a hash, and the collector a visit to each.
  const records: R[] = [];
  const packets: EventPacket[] = [];
  return (record, runId) => {
    const at = record.seq % FOLLOW_BATCH;
    if (records[at] !== record) {
      records[at] = record;
      packets[at] = encode(record, runId);
    }
    return packets[at]!;
  };
}
