import { UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import { ConnectedSocket, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Conversation } from '../../conversation/conversation.js';
import { RunDelivery } from '../delivery/run-delivery.service.js';
import { Payload } from '../sockets/payload.decorator.js';
import { SessionReadyGuard } from '../sockets/session-ready.guard.js';
import { SocketConnections } from '../sockets/socket-connections.service.js';
import { SocketErrorFilter } from '../sockets/socket-error.filter.js';
import { SocketPayloadPipe } from '../sockets/socket-payload.pipe.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { AssistantBranches } from './assistant-branches.service.js';
import { AssistantRuns } from './assistant-runs.service.js';
import { AssistantSessions } from './assistant-sessions.service.js';
import { streamStart, toAssistantPackets } from './assistant.projection.js';
import { ForkConversationDto, RegenerateDto, SwitchBranchDto } from './dto/branches.dto.js';

/** Family A's events about the branches of conversations. */
@WebSocketGateway()
@UseFilters(SocketErrorFilter)
@UseGuards(SessionReadyGuard)
@UsePipes(SocketPayloadPipe)
export class BranchesGateway {
  constructor(
    private readonly branches: AssistantBranches,
    private readonly runs: AssistantRuns,
    private readonly sessions: AssistantSessions,
    private readonly delivery: RunDelivery,
    private readonly connections: SocketConnections,
  ) {}

  @SubscribeMessage('regenerate')
  async regenerate(@ConnectedSocket() socket: TalksySocket, @Payload() wish: RegenerateDto): Promise<object> {
    const runId = await this.branches.regenerate(socket, wish);
    const [source] = await this.runs.open(socket, { runId });
    this.delivery.follow(socket, source, toAssistantPackets);
    const started = await this.connections.whileConnected(socket, (signal) => this.runs.begun(source, signal));
    return streamStart(started, runId, socket.data.sessionId);
  }

  @SubscribeMessage('switch_branch')
  async switchTo(@ConnectedSocket() socket: TalksySocket, @Payload() wish: SwitchBranchDto): Promise<object> {
    const conversation = await this.branches.switchTo(socket, wish.messageId);
    const { id: conversationId, activeLeafId, messageCount } = conversation;
    const history = await this.sessions.history(socket, { conversationId });
    const switched = { conversationId, activeLeafId, messageCount, history };
    socket.emit('branch_switched', switched);
    return switched;
  }

  @SubscribeMessage('fork_conversation')
  async fork(@ConnectedSocket() socket: TalksySocket, @Payload() wish: ForkConversationDto): Promise<object> {
    const forked = toForked(await this.branches.fork(socket, wish));
    socket.emit('conversation_forked', forked);
    return forked;
  }
}

function toForked({ id, title, forkedFrom, activeLeafId, messageCount }: Conversation): object {
  return { conversationId: id, title, forkedFrom, activeLeafId, messageCount };
}
