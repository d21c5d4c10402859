import { Injectable } from '@nestjs/common';
import type { Conversation } from '../../conversation/conversation.js';
import { ConversationBranches } from '../../conversation/conversation-branches.service.js';
import { ConversationForks } from '../../run/conversation-forks.service.js';
import { RunRegenerator } from '../../run/run-regenerator.service.js';
import { SessionService } from '../../session/session.service.js';
import { SocketMessageLimits } from '../sockets/message-limits.service.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { answerWishes } from './assistant-runs.service.js';
import type { ForkConversationDto, RegenerateDto } from './dto/branches.dto.js';

/** What family A does with the branches of conversations. */
@Injectable()
export class AssistantBranches {
  constructor(
    private readonly sessions: SessionService,
    private readonly branches: ConversationBranches,
    private readonly regenerator: RunRegenerator,
    private readonly forks: ConversationForks,
    private readonly limits: SocketMessageLimits,
  ) {}

  /** The id of the run that answers once more; the session moves to its conversation. */
  async regenerate(socket: TalksySocket, wish: RegenerateDto): Promise<string> {
    const { sessionId, principal } = socket.data;
    const request = { userId: principal.userId, messageId: wish.messageId, askedBy: socket.id, ...answerWishes(wish) };
    const { run } = await this.limits.admit(socket, () => this.regenerator.regenerate(request));
    if (run.conversationId) await this.sessions.point(sessionId, run.conversationId);
    return run.id;
  }

  async switchTo({ data }: TalksySocket, messageId: string): Promise<Conversation> {
    return this.branches.switchTo({ userId: data.principal.userId, messageId });
  }

  /** The new conversation; the session stays where it is. */
  async fork({ data }: TalksySocket, wish: ForkConversationDto): Promise<Conversation> {
    const isNamed = wish.runId ?? wish.messageId ?? wish.conversationId;
    const session = isNamed ? undefined : await this.sessions.require(data.sessionId);
    const conversationId = wish.conversationId ?? session?.conversationId;
    return this.forks.fork({ ...wish, userId: data.principal.userId, ...(conversationId && { conversationId }) });
  }
}
