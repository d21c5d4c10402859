import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** The Responses API by websocket. */
export const RESPONSES_PATH = /^\/(openai\/)?v1\/responses\/?(\?|$)/;

/** Where a connection may become a websocket; whoever serves another such path adds it here. */
const WEBSOCKET_PATHS: readonly RegExp[] = [/^\/socket\.io\//, RESPONSES_PATH];

const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Ends every other wish to upgrade, which would hold its connection for ever: nobody answers it. */
export function refuseOtherUpgrades(server: Server): void {
  // What is no websocket (h2c, say) is answered as plain HTTP/1.1, from Node 24.9 on.
  const isWebsocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';
  Object.assign(server, { shouldUpgradeCallback: isWebsocket });
  server.on('upgrade', ({ url = '' }: IncomingMessage, socket: Duplex) => {
    if (WEBSOCKET_PATHS.some((path) => path.test(url))) return;
    socket.on('error', () => socket.destroy());
    socket.end(NOT_FOUND, () => socket.destroy());
  });
}
