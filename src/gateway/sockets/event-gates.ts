import { TalksyError } from '../../common/errors/talksy-error.js';
import type { Clock } from '../../common/clock.js';
import type { AckFunction } from './ack.js';
import { cutOff, end, unsentBytes, unsentPackets } from './outlet.js';
import { emitError } from './socket-errors.js';
import type { TalksySocket } from './talksy-socket.js';

/** Events of one connection that are being handled, or wait for its session. */
const MAX_PENDING = 256;
/** Of those, events whose answers may be megabytes each. */
const LARGE_ANSWERS: ReadonlySet<string> = new Set(['get_history']);
const MAX_PENDING_LARGE = 8;
/** What of answers may wait because the client does not read them. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const MAX_UNSENT_PACKETS = 1024;
/** Events that a connection may send at once, and go on sending every second. */
const BURST = 1000;
const PER_SECOND = 200;
/** Refusals after which it must go, unless it was calm for so long in between. */
const MAX_REFUSED = 256;
const CALM_MS = 10_000;

interface Gate {
  pending: number;
  pendingLarge: number;
  refused: number;
  refusedAt: number;
  /** Events that may still come at once, as of `countedAt`. */
  room: number;
  countedAt: number;
}

/**
 * Bounds what a connection can cost by sending events, whatever they are: beyond, an event is refused with OVERLOADED,
 * and a connection that goes on and on is cut. `limitsPace` false: however fast they come, within the other bounds.
 */
export class EventGates {
  private readonly gates = new WeakMap<TalksySocket, Gate>();

  constructor(
    private readonly clock: Clock,
    private readonly limitsPace: boolean,
  ) {}

  /** Whether the event may be handled; then `leave` must follow. Otherwise it has been answered. */
  enter(socket: TalksySocket, event: string, ack: AckFunction | undefined): boolean {
    const now = this.clock.now();
    const gate = this.gateOf(socket, now);
    if (this.isInPace(gate, now) && hasRoom(gate, event) && !isCongested(socket)) {
      gate.pending++;
      if (LARGE_ANSWERS.has(event)) gate.pendingLarge++;
      return true;
    }
    gate.refused = now - gate.refusedAt > CALM_MS ? 1 : gate.refused + 1;
    gate.refusedAt = now;
    if (gate.refused <= MAX_REFUSED) refuse(socket, event, ack);
    if (gate.refused === MAX_REFUSED) cut(socket);
    return false;
  }

  leave(socket: TalksySocket, event: string): void {
    const gate = this.gates.get(socket)!;
    gate.pending--;
    if (LARGE_ANSWERS.has(event)) gate.pendingLarge--;
  }

  private gateOf(socket: TalksySocket, now: number): Gate {
    let gate = this.gates.get(socket);
    if (!gate) {
      gate = { pending: 0, pendingLarge: 0, refused: 0, refusedAt: 0, room: BURST, countedAt: now };
      this.gates.set(socket, gate);
    }
    return gate;
  }

  private isInPace(gate: Gate, now: number): boolean {
    const earned = (Math.max(0, now - gate.countedAt) / 1000) * PER_SECOND;
    gate.room = Math.min(BURST, gate.room + earned);
    gate.countedAt = now;
    if (!this.limitsPace) return true;
    if (gate.room < 1) return false;
    gate.room--;
    return true;
  }
}

const hasRoom = ({ pending, pendingLarge }: Gate, event: string): boolean =>
  pending < MAX_PENDING && (pendingLarge < MAX_PENDING_LARGE || !LARGE_ANSWERS.has(event));

const isCongested = ({ conn }: TalksySocket): boolean =>
  unsentPackets(conn) > MAX_UNSENT_PACKETS || unsentBytes(conn) >= MAX_UNSENT_BYTES;

function refuse(socket: TalksySocket, event: string, ack: AckFunction | undefined): void {
  const refusal = new TalksyError('OVERLOADED', 'Too many events at once; send fewer.', { retryAfterMs: 1000 });
  const error = emitError(socket, refusal, event);
  ack?.({ ok: false, error });
}

/** Whoever reads is told first; for who does not, little waits. */
function cut(socket: TalksySocket): void {
  if (unsentBytes(socket.conn) < MAX_UNSENT_BYTES) end(socket.conn);
  else cutOff(socket.conn);
}
