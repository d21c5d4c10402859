import type { RunRecord } from '../../run/run-event.js';

/** So many packets are remembered at least: followers of a run read its records within moments of each other. */
const REMEMBERED = 256;

/**
 * Remembers a record's packet for a short while, so that it is encoded once and not once per follower. Not in a WeakMap:
 * with an entry for each record of each log, the collector would spend more on it than encoding costs.
 */
export function encodeOnce<R extends RunRecord>(encode: (record: R, runId: string) => string): typeof encode {
  let packets = new Map<R, string>();
  let older = packets;
  return (record, runId) => {
    let packet = packets.get(record) ?? older.get(record);
    if (packet !== undefined) return packet;
    if (packets.size >= REMEMBERED) [older, packets] = [packets, new Map()];
    packets.set(record, (packet = encode(record, runId)));
    return packet;
  };
}
