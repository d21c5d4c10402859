import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CredentialService } from '../../auth/credential.service.js';
import type { Principal } from '../../auth/principal.js';
import { onRevocation, type Revocation } from '../../auth/revocations.js';
import { EventBus } from '../../common/event-bus.port.js';
import { endRefused } from './connection-guard.js';
import { forgetHandshake } from './forget-handshake.js';
import { SocketAdmission } from './socket-admission.service.js';
import { SocketDirectory } from './socket-directory.js';
import { connectError, emitError } from './socket-errors.js';
import { SocketExpiry } from './socket-expiry.service.js';
import type { TalksyServer, TalksySocket } from './talksy-socket.js';

/** The connections of this node from handshake to end: who gets in, when they may speak, why they must go. */
@Injectable()
export class SocketConnections implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SocketConnections.name);
  private revocations = 0;
  private endSubscription: (() => void) | undefined;

  constructor(
    private readonly admission: SocketAdmission,
    private readonly credentials: CredentialService,
    private readonly directory: SocketDirectory,
    private readonly expiry: SocketExpiry,
    private readonly events: EventBus,
  ) {}

  /** Later than the credential cache, which has dropped what is void before anybody is looked at again. */
  onModuleInit(): void {
    this.endSubscription = onRevocation(this.events, (revocation) => this.revoke(revocation));
  }

  onModuleDestroy(): void {
    this.endSubscription?.();
  }

  /** Lets only proven principals connect. */
  guard(server: TalksyServer): void {
    server.use((socket, next) => {
      socket.data.provenAt = this.revocations;
      this.admission.admit(socket).then(
        (principal) => {
          socket.data.principal = principal;
          next();
        },
        (error: unknown) => {
          next(connectError(error));
          endRefused(socket.conn);
        },
      );
    });
  }

  /** Takes in a connection whose session is being opened; events wait for that. Without a session it must go. */
  welcome(socket: TalksySocket, greeting: Promise<void>): void {
    const { data } = socket;
    Object.assign(data, { announced: false, deliveries: new Map(), waits: new Set() });
    data.ready = greeting.then(
      () => {
        data.announced = true;
        forgetHandshake(socket);
      },
      (error: unknown) => this.end(socket, error),
    );
    this.directory.add(socket);
    this.expiry.watch(socket);
    this.settle(socket);
    this.logger.debug({ userId: data.principal.userId, socketId: socket.id }, 'connected');
  }

  /** Goes on with other credentials of the same user. */
  async renew(socket: TalksySocket, prove: () => Promise<Principal>): Promise<void> {
    const provenAt = this.revocations;
    const principal = await prove();
    if (!socket.connected) return;
    socket.data.provenAt = provenAt;
    this.directory.renew(socket, principal);
    this.expiry.watch(socket);
    this.settle(socket);
  }

  /** Ends what the connection was getting; resolves when its session is known. */
  async farewell(socket: TalksySocket): Promise<void> {
    const { data } = socket;
    for (const ending of [...data.deliveries.values(), ...data.waits]) ending.abort();
    this.directory.remove(socket);
    this.expiry.forget(socket);
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

  private revoke({ tag, error }: Revocation): void {
    this.revocations += 1;
    for (const socket of this.directory.of(tag)) {
      if (error) this.end(socket, error);
      else void this.recheck(socket);
    }
  }

  /** What was revoked between the proof and the entry into the directory has found nobody to close. */
  private settle(socket: TalksySocket): void {
    if (socket.data.provenAt !== this.revocations) void this.recheck(socket);
  }

  private async recheck(socket: TalksySocket): Promise<void> {
    try {
      const { role } = await this.credentials.recheck(socket.data.principal);
      socket.data.principal = { ...socket.data.principal, role };
    } catch (error) {
      if (socket.connected) this.end(socket, error);
    }
  }

  private end(socket: TalksySocket, error: unknown): void {
    emitError(socket, error, 'connection');
    socket.disconnect(true);
  }
}
