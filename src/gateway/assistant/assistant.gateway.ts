import { UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import {
  ConnectedSocket,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { RunRecord } from '../../run/run-event.js';
import type { StopResult } from '../../run/run-stopper.service.js';
import { RunDelivery } from '../delivery/run-delivery.service.js';
import { Payload } from '../sockets/payload.decorator.js';
import { SessionReadyGuard } from '../sockets/session-ready.guard.js';
import { SocketConnections } from '../sockets/socket-connections.service.js';
import { SocketErrorFilter } from '../sockets/socket-error.filter.js';
import { SocketPayloadPipe } from '../sockets/socket-payload.pipe.js';
import type { TalksyServer, TalksySocket } from '../sockets/talksy-socket.js';
import { AssistantRuns } from './assistant-runs.service.js';
import { AssistantSessions } from './assistant-sessions.service.js';
import { streamStart, toAssistantPackets } from './assistant.projection.js';
import { GetHistoryDto } from './dto/get-history.dto.js';
import { NoPayloadDto } from './dto/no-payload.dto.js';
import { ResumeStreamDto } from './dto/resume-stream.dto.js';
import { StopStreamDto } from './dto/stop-stream.dto.js';
import { UserMessageDto } from './dto/user-message.dto.js';
import { isToolRecord, toolEvent } from './tool-frames.projection.js';

/** Family A, the Talksy socket protocol. Each handler's return value is the data of the event's ack. */
@WebSocketGateway()
@UseFilters(SocketErrorFilter)
@UseGuards(SessionReadyGuard)
@UsePipes(SocketPayloadPipe)
export class AssistantGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  constructor(
    private readonly connections: SocketConnections,
    private readonly sessions: AssistantSessions,
    private readonly runs: AssistantRuns,
    private readonly delivery: RunDelivery,
  ) {}

  afterInit(server: TalksyServer): void {
    this.connections.guard(server);
  }

  handleConnection(socket: TalksySocket): void {
    this.connections.welcome(socket, this.sessions.greet(socket));
  }

  async handleDisconnect(socket: TalksySocket): Promise<void> {
    await this.connections.farewell(socket);
    await this.sessions.leave(socket);
  }

  @SubscribeMessage('user_message')
  async userMessage(@ConnectedSocket() socket: TalksySocket, @Payload() message: UserMessageDto): Promise<object> {
    const source = await this.runs.start(socket, message);
    const show = (record: RunRecord): unknown =>
      isToolRecord(record) && socket.emit(...toolEvent(record, source.runId));
    const response = await this.connections.whileConnected(socket, (signal) => this.runs.answer(source, signal, show));
    socket.emit('assistant_response', response);
    return response;
  }

  @SubscribeMessage('user_message_stream')
  async stream(@ConnectedSocket() socket: TalksySocket, @Payload() message: UserMessageDto): Promise<object> {
    const source = await this.runs.start(socket, message);
    this.delivery.follow(socket, source, toAssistantPackets);
    const started = await this.connections.whileConnected(socket, (signal) => this.runs.begun(source, signal));
    return streamStart(started, source.runId, socket.data.sessionId);
  }

  @SubscribeMessage('resume_stream')
  async resume(@ConnectedSocket() socket: TalksySocket, @Payload() where: ResumeStreamDto): Promise<object> {
    const [source, afterSeq] = await this.runs.open(socket, where);
    this.delivery.restart(socket, source, afterSeq, toAssistantPackets);
    return { runId: source.runId, fromSeq: Math.min(afterSeq, source.lastSeq) + 1 };
  }

  @SubscribeMessage('stop_stream')
  async stop(@ConnectedSocket() socket: TalksySocket, @Payload() { runId }: StopStreamDto): Promise<StopResult> {
    return this.runs.stop(socket, runId);
  }

  @SubscribeMessage('get_history')
  async history(@ConnectedSocket() socket: TalksySocket, @Payload() query: GetHistoryDto): Promise<object> {
    const history = await this.sessions.history(socket, query);
    socket.emit('conversation_history', history);
    return history;
  }

  @SubscribeMessage('get_session_info')
  async info(@ConnectedSocket() socket: TalksySocket, @Payload() _none: NoPayloadDto): Promise<object> {
    const info = await this.sessions.info(socket);
    socket.emit('session_info', info);
    return info;
  }
}
