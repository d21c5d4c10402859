import type { RunRecord } from '../../run/run-event.js';

/** Remembers a record's packet, so that it is encoded once and not once per follower. */
export function encodeOnce<R extends RunRecord>(encode: (record: R, runId: string) => string): typeof encode {
  const packets = new WeakMap<R, string>();
  return (record, runId) => {
    let packet = packets.get(record);
    if (packet === undefined) packets.set(record, (packet = encode(record, runId)));
    return packet;
  };
}
