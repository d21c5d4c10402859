import type { TalksySocket } from './talksy-socket.js';

/**
 * Lets go of the request that a connection came with, and of the credentials in its handshake: nobody asks for them
 * behind the greeting, and they are most of what an idle connection would hold.
 */
export function forgetHandshake({ conn, handshake }: TalksySocket): void {
  Object.assign(conn, { request: undefined });
  Object.assign(handshake, { headers: {}, query: {}, auth: {} });
}
