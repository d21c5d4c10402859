import type { Server } from 'node:http';

/** How long a client may take to send its headers, and its whole request; answers may take as long as they need. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** How often Node looks for those who took longer; its own 30 s would treble the first. */
const CHECK_INTERVAL_MS = 1000;
/** Longer than the 60 s for which proxies keep a connection, so that it is theirs to close. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** To be called before the server listens. How large headers may be in all is Node's own limit, 16 kB. */
export function limitConnections(server: Server): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  // Read when the server begins to listen; the types know it as an option of the constructor only.
  Object.assign(server, { connectionsCheckingInterval: CHECK_INTERVAL_MS });
}
