import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Principal } from '../../auth/principal.js';
import type { AckFunction } from './ack.js';

/** What is called for an event of one socket. */
export type EventCallback = (data: unknown, ack: AckFunction | undefined) => unknown;

/** What the server knows about one connection. `socket.id` is never an identity: a reconnect changes it. */
export interface SocketState {
  principal: Principal;
  /** Whose connection it is, as TRUST_PROXY has it. */
  address: string | undefined;
  /** What a new guest is to connect with from now on. */
  guestToken?: string;
  /** How many revocations this node had heard of when the proof of the principal began. */
  provenAt: number;
  /** Unset until the session is open. */
  sessionId: string;
  /** Whether the client has been told of its session; every event waits for that. */
  announced: boolean;
  /** Settled with `announced`, or when there will be no session. */
  ready: Promise<void>;
  /** The runs this connection is following, and how to end that. */
  deliveries: Map<string, AbortController>;
  /** What Nest calls for its events; the adapter knows which for what. */
  callbacks?: EventCallback[];
  /** What else is under way for this connection and pointless without it. */
  waits: Set<AbortController>;
}

export type TalksySocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketState>;
export type TalksyServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketState>;
