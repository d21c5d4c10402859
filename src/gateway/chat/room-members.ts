import type { TalksySocket } from '../sockets/talksy-socket.js';

const NOBODY: ReadonlySet<TalksySocket> = new Set();

/** Who of this node's connections is in the room of which conversation. */
export class RoomMembers {
  private readonly rooms = new Map<string, Set<TalksySocket>>();

  /** True where the socket is new there. */
  add(conversationId: string, socket: TalksySocket): boolean {
    const room = this.rooms.get(conversationId);
    if (room?.has(socket)) return false;
    if (room) room.add(socket);
    else this.rooms.set(conversationId, new Set([socket]));
    return true;
  }

  remove(conversationId: string, socket: TalksySocket): void {
    const room = this.rooms.get(conversationId);
    room?.delete(socket);
    if (room?.size === 0) this.rooms.delete(conversationId);
  }

  /** Out of all rooms. */
  removeEverywhere(socket: TalksySocket): void {
    for (const id of this.rooms.keys()) this.remove(id, socket);
  }

  of(conversationId: string): ReadonlySet<TalksySocket> {
    return this.rooms.get(conversationId) ?? NOBODY;
  }
}
