import type { RunRecord } from './run-event.js';
import type { RecordStream, TakeRecords } from './run-log.port.js';

/**
 * Gives the stream's records to `take`, one after the other, the quickest way that it has; where `take` returns a promise,
 * that is waited for. Resolves at the end of the stream; rejects as it, `take` or what `take` returned does.
 */
export async function readEach(
  stream: RecordStream,
  take: (record: RunRecord) => Promise<void> | undefined,
): Promise<void> {
  const takeFrom = (batch: readonly RunRecord[], from: number): Promise<void> | undefined => {
    for (let at = from; at < batch.length; at++) {
      const room = take(batch[at]!);
      if (room) return room.then(() => takeFrom(batch, at + 1));
    }
    return undefined;
  };
  const takeBatch: TakeRecords = (batch) => takeFrom(batch, 0);
  if (stream.pushTo) return stream.pushTo(takeBatch);
  for await (const batch of stream) {
    const room = takeBatch(batch);
    if (room) await room;
  }
}
