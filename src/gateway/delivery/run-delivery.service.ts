import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { isTerminal, type RunRecord } from '../../run/run-event.js';
import { readEach } from '../../run/read-each.js';
import type { RunSource } from '../../run/run-source.js';
import { emitError } from '../sockets/socket-errors.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import type { EventPacket } from './event-packet.js';
import { SocketWriters } from './socket-writers.service.js';

/** The packets that one record is for one socket, encoded; most records are one packet or none. */
export type SocketProjection = (record: RunRecord, socket: TalksySocket, source: RunSource) => readonly EventPacket[];

/** Copies a run to a socket until either ends. The run never notices; a slow socket slows only its own copy. */
@Injectable()
export class RunDelivery {
  constructor(private readonly writers: SocketWriters) {}

  /** Follows the run from the start, unless this socket follows it already. */
  follow(socket: TalksySocket, source: RunSource, project: SocketProjection): void {
    if (!socket.data.deliveries.has(source.runId)) this.restart(socket, source, -1, project);
  }

  /** Follows the run from behind `afterSeq`, in place of whatever this socket was getting of it. */
  restart(socket: TalksySocket, source: RunSource, afterSeq: number, project: SocketProjection): void {
    if (!socket.connected) return;
    const { deliveries } = socket.data;
    deliveries.get(source.runId)?.abort();
    const delivery = new AbortController();
    deliveries.set(source.runId, delivery);
    void this.deliver(socket, source, afterSeq, project, delivery.signal).finally(() => {
      if (deliveries.get(source.runId) === delivery) deliveries.delete(source.runId);
    });
  }

  private async deliver(
    socket: TalksySocket,
    source: RunSource,
    afterSeq: number,
    project: SocketProjection,
    signal: AbortSignal,
  ): Promise<void> {
    const writer = this.writers.of(socket);
    let isWhole = false;
    const send = (record: RunRecord): Promise<void> | undefined => {
      if (signal.aborted) return undefined;
      for (const packet of project(record, socket, source)) writer.write(packet);
      isWhole ||= isTerminal(record);
      return isWhole ? undefined : writer.room(signal);
    };
    try {
      await readEach(source.follow(afterSeq, signal), send);
      if (!isWhole && !signal.aborted)
        throw new TalksyError('STORE_UNAVAILABLE', 'The stream was cut; resume it.', { retryAfterMs: 500 });
    } catch (error) {
      emitError(socket, error, 'stream');
    }
  }
}
