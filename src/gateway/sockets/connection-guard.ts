import type { IncomingMessage } from 'node:http';
import type { ServerConfig } from '../../config/config.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { callerOfAddress } from '../../rate-limit/address.js';
import { clientAddress, type ProxyTrust } from '../http/client-address.js';
import { mayOpenSocket } from '../http/cors-options.js';
import { type Connection, cutOff, end, unsentPackets } from './outlet.js';
import { connectError } from './socket-errors.js';
import type { TalksyServer } from './talksy-socket.js';

/** Connections of one address that have not proven yet who they are. */
const MAX_UNPROVEN = 1000;
/** Packets that may wait for a client that goes on sending without reading. */
const MAX_UNREAD_PACKETS = 3000;

/** Engine.IO's: `decide(null, true)` lets the handshake begin. */
type Decide = (refusal: string | null, mayGoOn: boolean) => void;

/**
 * What a connection may do before and whoever it is: who asks for too many without a proof is refused before anything is
 * kept of it, pages come from allowed origins only, and one connection opens one session. Handshakes are not counted in
 * a window: a refused one costs less than counting it, and after a deployment a whole office comes back at once.
 */
export class ConnectionGuard {
  private readonly unproven = new Map<string, Set<Connection>>();
  private readonly greeted = new WeakSet<Connection>();

  constructor(
    private readonly trusts: ProxyTrust,
    private readonly config: ServerConfig,
  ) {}

  /** For Engine.IO's `allowRequest`. */
  readonly allowRequest = (request: IncomingMessage, decide: Decide): void => {
    const waiting = this.unproven.get(this.callerOf(request))?.size ?? 0;
    if (waiting < MAX_UNPROVEN) decide(null, true);
    else decide('Too many connections from your address wait to sign in.', false);
  };

  /** To be called before anything else listens to the server. */
  watch(server: TalksyServer): void {
    server.engine.on('headers', harden);
    const forget = this.forget.bind(this);
    const onClose = function (this: Connection): void {
      forget(this);
    };
    server.engine.on('connection', (connection: Connection) => this.arrive(connection, onClose));
    server.use(({ conn }, next) => {
      const refusal = this.refusalOf(conn);
      next(refusal && connectError(refusal));
      if (refusal) endRefused(conn);
    });
    server.on('connection', ({ conn }) => forget(conn));
  }

  /** Everybody asks Engine.IO for the address of a connection: it answers by TRUST_PROXY from here on. */
  private arrive(connection: Connection, onClose: (this: Connection) => void): void {
    Object.assign(connection, { remoteAddress: clientAddress(connection.request, this.trusts) });
    const caller = callerOfAddress(connection.remoteAddress);
    this.unproven.set(caller, (this.unproven.get(caller) ?? new Set()).add(connection));
    connection.on('close', onClose);
    connection.on('packet', cutIfUnread);
  }

  private forget(connection: Connection): void {
    const caller = callerOfAddress(connection.remoteAddress);
    const waiting = this.unproven.get(caller);
    if (waiting?.delete(connection) && waiting.size === 0) this.unproven.delete(caller);
  }

  private refusalOf(connection: Connection): TalksyError | undefined {
    if (this.greeted.has(connection)) return new TalksyError('CONFLICT', 'This connection has its session already.');
    this.greeted.add(connection);
    return mayOpenSocket(connection.request.headers, this.config)
      ? undefined
      : new TalksyError('FORBIDDEN', 'Pages of this origin may not connect; CORS_ORIGIN names those that may.');
  }

  private callerOf(request: IncomingMessage): string {
    return callerOfAddress(clientAddress(request, this.trusts));
  }
}

/** Closes a connection that was refused, once it has been told: it would be kept until its time to join was over. */
export function endRefused(connection: Connection): void {
  setImmediate(() => end(connection));
}

function harden(headers: Record<string, string>): void {
  headers['X-Content-Type-Options'] = 'nosniff';
  headers['Cache-Control'] = 'no-store';
}

/** One function for all connections: Engine.IO calls it with the connection as `this`. */
function cutIfUnread(this: Connection): void {
  if (unsentPackets(this) > MAX_UNREAD_PACKETS) cutOff(this);
}
