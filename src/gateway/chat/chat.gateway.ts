import { UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import { ConnectedSocket, type OnGatewayDisconnect, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { SocketMessageLimits } from '../sockets/message-limits.service.js';
import { Payload } from '../sockets/payload.decorator.js';
import { SessionReadyGuard } from '../sockets/session-ready.guard.js';
import { SocketErrorFilter } from '../sockets/socket-error.filter.js';
import { SocketPayloadPipe } from '../sockets/socket-payload.pipe.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { ChatAnswers } from './chat-answers.service.js';
import { ChatMessageDto, ConversationRoomDto } from './chat.dto.js';
import { ConversationRooms } from './conversation-rooms.service.js';

/** Family B, the conversation-room protocol, on the same sockets as family A. */
@WebSocketGateway()
@UseFilters(SocketErrorFilter)
@UseGuards(SessionReadyGuard)
@UsePipes(SocketPayloadPipe)
export class ChatGateway implements OnGatewayDisconnect {
  constructor(
    private readonly rooms: ConversationRooms,
    private readonly answers: ChatAnswers,
    private readonly limits: SocketMessageLimits,
  ) {}

  handleDisconnect(socket: TalksySocket): void {
    this.rooms.leaveAll(socket);
  }

  @SubscribeMessage('join_conversation')
  async join(@ConnectedSocket() socket: TalksySocket, @Payload() { conversationId }: ConversationRoomDto) {
    await this.rooms.join(socket, conversationId);
    return { conversationId };
  }

  @SubscribeMessage('leave_conversation')
  leave(@ConnectedSocket() socket: TalksySocket, @Payload() { conversationId }: ConversationRoomDto) {
    this.rooms.leave(socket, conversationId);
    return { conversationId };
  }

  @SubscribeMessage('stream_chat')
  async stream(@ConnectedSocket() socket: TalksySocket, @Payload() message: ChatMessageDto) {
    const { userId } = socket.data.principal;
    const { run } = await this.limits.admit(socket, () => this.answers.start(userId, message));
    const { id: runId, conversationId = '', messageId } = run;
    this.rooms.show(socket, conversationId, runId);
    return { messageId, conversationId, runId };
  }
}
