import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.port.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { SocketAdmission } from './socket-admission.service.js';
import { connectError, emitError } from './socket-errors.js';
import type { TalksyServer, TalksySocket } from './talksy-socket.js';

/** The connections of this node from handshake to end: who gets in, when they may speak, why they must go. */
@Injectable()
export class SocketConnections implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SocketConnections.name);
  private readonly byFamily = new Map<string, Set<TalksySocket>>();
  private endSubscription: (() => void) | undefined;

  constructor(
    private readonly admission: SocketAdmission,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.endSubscription = this.events.subscribe('family.revoked', ({ familyId }) => this.closeFamily(familyId));
  }

  onModuleDestroy(): void {
    this.endSubscription?.();
  }

  /** Lets only proven principals connect. */
  guard(server: TalksyServer): void {
    server.use((socket, next) => {
      this.admission.admit(socket).then(
        (principal) => {
          socket.data.principal = principal;
          next();
        },
        (error: unknown) => next(connectError(error)),
      );
    });
  }

  /** Takes in a connection whose session is being opened; events wait for that. Without a session it must go. */
  welcome(socket: TalksySocket, greeting: Promise<void>): void {
    const { data } = socket;
    Object.assign(data, { announced: false, deliveries: new Map(), waits: new Set() });
    data.ready = greeting.then(
      () => void (data.announced = true),
      (error: unknown) => {
        emitError(socket, error, 'connection');
        socket.disconnect(true);
      },
    );
    const { familyId } = data.principal;
    this.byFamily.set(familyId, (this.byFamily.get(familyId) ?? new Set()).add(socket));
    this.logger.debug({ userId: data.principal.userId, socketId: socket.id }, 'connected');
  }

  /** Ends what the connection was getting; resolves when its session is known. */
  async farewell(socket: TalksySocket): Promise<void> {
    const { data } = socket;
    for (const ending of [...data.deliveries.values(), ...data.waits]) ending.abort();
    const family = this.byFamily.get(data.principal.familyId);
    family?.delete(socket);
    if (family?.size === 0) this.byFamily.delete(data.principal.familyId);
    this.logger.debug({ userId: data.principal.userId, socketId: socket.id }, 'disconnected');
    await data.ready;
  }

  /** Does something that is pointless once the connection has ended: `signal` aborts then. */
  async whileConnected<T>({ connected, data }: TalksySocket, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const wait = new AbortController();
    if (!connected) wait.abort();
    data.waits.add(wait);
    return work(wait.signal).finally(() => data.waits.delete(wait));
  }

  private closeFamily(familyId: string): void {
    for (const socket of this.byFamily.get(familyId) ?? []) {
      emitError(socket, new TalksyError('UNAUTHORIZED', 'This sign-in has ended; log in again.'), 'connection');
      socket.disconnect(true);
    }
  }
}
