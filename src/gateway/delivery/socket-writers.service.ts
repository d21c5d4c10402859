import { Injectable } from '@nestjs/common';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { SocketWriter } from './socket-writer.js';

/** One writer for each connection: what waits for a slow one is counted together, whatever it is being sent. */
@Injectable()
export class SocketWriters {
  private readonly writers = new WeakMap<TalksySocket, SocketWriter>();

  of(socket: TalksySocket): SocketWriter {
    let writer = this.writers.get(socket);
    if (!writer) this.writers.set(socket, (writer = new SocketWriter(socket)));
    return writer;
  }
}
