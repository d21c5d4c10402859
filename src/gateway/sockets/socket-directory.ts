import { Injectable } from '@nestjs/common';
import { type Principal, tagsOf } from '../../auth/principal.js';
import type { TalksySocket } from './talksy-socket.js';

const NONE: ReadonlySet<TalksySocket> = new Set();

/** The open connections of this node, by what may end them: the account, the sign-in, the API key. */
@Injectable()
export class SocketDirectory {
  /** Open connections. */
  size = 0;
  private readonly byTag = new Map<string, Set<TalksySocket>>();

  add(socket: TalksySocket): void {
    this.size++;
    for (const tag of tagsOf(socket.data.principal)) {
      const sockets = this.byTag.get(tag);
      if (sockets) sockets.add(socket);
      else this.byTag.set(tag, new Set([socket]));
    }
  }

  remove(socket: TalksySocket): void {
    this.size--;
    for (const tag of tagsOf(socket.data.principal)) {
      const sockets = this.byTag.get(tag);
      sockets?.delete(socket);
      if (sockets?.size === 0) this.byTag.delete(tag);
    }
  }

  /** Moves the socket to where its new credentials belong. */
  renew(socket: TalksySocket, principal: Principal): void {
    this.remove(socket);
    socket.data.principal = principal;
    this.add(socket);
  }

  /** A snapshot: closing them changes the directory. */
  of(tag: string): readonly TalksySocket[] {
    return [...(this.byTag.get(tag) ?? NONE)];
  }
}
