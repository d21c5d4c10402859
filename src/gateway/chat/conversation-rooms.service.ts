import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type ControlEvents, EventBus } from '../../common/event-bus.port.js';
import { ConversationAccess } from '../../conversation/conversation-access.service.js';
import { RunReader } from '../../run/run-reader.service.js';
import type { RunSource } from '../../run/run-source.js';
import type { EventPacket } from '../delivery/event-packet.js';
import { SocketWriters } from '../delivery/socket-writers.service.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { RoomMembers } from './room-members.js';
import { RoomStream } from './room-stream.js';

/** A room is shown the newest text at most so often. */
const PACE_MS = 50;
/** Rooms that one connection may be in. */
export const MAX_ROOMS = 100;

/**
 * The rooms of conversations: everybody in one sees its answers, on every node. Each node follows an answer once for all
 * its members; a slow member misses states between, never the last one.
 */
@Injectable()
export class ConversationRooms implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(ConversationRooms.name);
  private readonly members = new RoomMembers();
  /** By run. */
  private readonly streams = new Map<string, RoomStream>();
  private endSubscription: (() => void) | undefined;

  constructor(
    private readonly events: EventBus,
    private readonly reader: RunReader,
    private readonly access: ConversationAccess,
    private readonly writers: SocketWriters,
  ) {}

  onModuleInit(): void {
    this.endSubscription = this.events.subscribe('conversation.answering', (answer) => {
      if (this.members.of(answer.conversationId).size > 0) void this.follow(answer);
    });
  }

  onModuleDestroy(): void {
    this.endSubscription?.();
    for (const { abort } of this.streams.values()) abort.abort();
  }

  /** Lets a member in, and shows what is being written. Throws CONVERSATION_NOT_FOUND. */
  async join(socket: TalksySocket, conversationId: string): Promise<void> {
    const { userId } = socket.data.principal;
    await this.access.require(conversationId, userId);
    if (!this.enter(socket, conversationId)) return;
    const running = await this.reader.findRunning(conversationId);
    if (running && !this.streams.has(running.id)) void this.follow({ conversationId, runId: running.id, userId });
  }

  leave(socket: TalksySocket, conversationId: string): void {
    this.members.remove(conversationId, socket);
  }

  leaveAll(socket: TalksySocket): void {
    this.members.removeEverywhere(socket);
  }

  /** For who may write there already: takes the socket in and shows the answer here; other nodes hear of it by themselves. */
  show(socket: TalksySocket, conversationId: string, runId: string): void {
    const { userId } = socket.data.principal;
    this.enter(socket, conversationId);
    void this.follow({ conversationId, runId, userId });
  }

  /** False where the socket was in the room. A late one gets the state so far. */
  private enter(socket: TalksySocket, conversationId: string): boolean {
    if (!socket.connected || !this.members.add(conversationId, socket)) return false;
    for (const stream of this.streams.values()) {
      if (stream.conversationId !== conversationId || !stream.begun || hasItsOwn(socket, stream)) continue;
      this.writers.of(socket).write(stream.startPacket());
      this.writers.of(socket).write(stream.chunkPacket());
    }
    return true;
  }

  private async follow(answer: ControlEvents['conversation.answering']): Promise<void> {
    const { runId, userId } = answer;
    if (this.streams.has(runId)) return;
    const source = await this.reader.open(runId, userId).catch((error: unknown) => this.failed(runId, error));
    if (!source || this.streams.has(runId)) return;
    const stream = new RoomStream(answer, source);
    this.streams.set(runId, stream);
    await this.copy(stream, source).catch((error: unknown) => this.failed(runId, error));
    this.streams.delete(runId);
  }

  private failed(runId: string, error: unknown): void {
    this.logger.warn({ runId, err: error }, 'a room could not be shown an answer');
  }

  private async copy(stream: RoomStream, source: RunSource): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const showText = (): void => {
      timer = undefined;
      this.send(stream, stream.chunkPacket(), true);
    };
    for await (const batch of source.follow(-1, stream.abort.signal)) {
      for (const record of batch) {
        const change = stream.take(record);
        if (change === 'begun') this.send(stream, stream.startPacket());
        if (change === 'changed') timer ??= setTimeout(showText, PACE_MS);
        if (change !== 'ended') continue;
        clearTimeout(timer);
        this.send(stream, stream.chunkPacket());
        this.send(stream, stream.endPacket());
      }
    }
    clearTimeout(timer);
  }

  /** A passing state is not worth waiting for: the next one has it all. Who follows the run by other events has it. */
  private send(stream: RoomStream, packet: EventPacket, isPassing = false): void {
    for (const socket of this.members.of(stream.conversationId)) {
      const writer = this.writers.of(socket);
      if (hasItsOwn(socket, stream) || (isPassing && writer.isFull)) continue;
      writer.write(packet);
    }
  }
}

/** Whether the socket follows this answer by the events of another family: nobody gets both. */
const hasItsOwn = ({ id, data }: TalksySocket, { runId, askedBy }: RoomStream): boolean =>
  id === askedBy || data.deliveries.has(runId);
