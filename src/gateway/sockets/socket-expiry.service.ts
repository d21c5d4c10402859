import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { emitError } from './socket-errors.js';
import type { TalksySocket } from './talksy-socket.js';

const TICK_MS = 500;
const WARNING_MS = 60_000;

interface Wake {
  tick: number;
  /** Whether the client has been told of the end, which is what the next wake is for. */
  warned: boolean;
}

/**
 * Ends connections when their credentials end, and says so a minute before; at half time where there is less than a
 * minute. One timer for all connections of the node: they stand in the slot of the tick at which something is due.
 */
@Injectable()
export class SocketExpiry implements OnModuleInit, OnModuleDestroy {
  private readonly slots = new Map<number, Set<TalksySocket>>();
  private readonly wakes = new WeakMap<TalksySocket, Wake>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly clock: Clock) {}

  onModuleInit(): void {
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Begins to watch the socket's credentials, or begins anew when they have changed. */
  watch(socket: TalksySocket): void {
    this.forget(socket);
    const { expiresAt, familyId } = socket.data.principal;
    if (expiresAt === Infinity) return;
    const leftMs = expiresAt - this.clock.now();
    const warnAt = leftMs > WARNING_MS ? expiresAt - WARNING_MS : expiresAt - leftMs / 2;
    // An API key cannot be renewed, so nobody is warned of its end.
    if (familyId === undefined) this.wakeAt(socket, expiresAt, true);
    else this.wakeAt(socket, warnAt, false);
  }

  forget(socket: TalksySocket): void {
    const { tick = -1 } = this.wakes.get(socket) ?? {};
    const slot = this.slots.get(tick);
    slot?.delete(socket);
    if (slot?.size === 0) this.slots.delete(tick);
    this.wakes.delete(socket);
  }

  /** Does what is due by now. */
  tick(): void {
    const now = Math.floor(this.clock.now() / TICK_MS);
    for (const [tick, sockets] of this.slots) {
      if (tick > now) continue;
      this.slots.delete(tick);
      for (const socket of sockets) this.wake(socket);
    }
  }

  private wake(socket: TalksySocket): void {
    const { expiresAt, familyId } = socket.data.principal;
    if (this.wakes.get(socket)?.warned) {
      const error = familyId === undefined ? keyEnded() : new TalksyError('TOKEN_EXPIRED');
      emitError(socket, error, 'connection');
      socket.disconnect(true);
      return;
    }
    socket.emit('token_expiring', { expiresAt: new Date(expiresAt).toISOString() });
    this.wakeAt(socket, expiresAt, true);
  }

  private wakeAt(socket: TalksySocket, at: number, warned: boolean): void {
    const tick = Math.ceil(at / TICK_MS);
    this.wakes.set(socket, { tick, warned });
    const slot = this.slots.get(tick);
    if (slot) slot.add(socket);
    else this.slots.set(tick, new Set([socket]));
  }
}

const keyEnded = (): TalksyError => new TalksyError('UNAUTHORIZED', 'The API key has expired.');
