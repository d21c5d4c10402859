import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { SessionConfig } from '../../config/config.js';
import { ConversationService } from '../../conversation/conversation.service.js';
import { RunReader } from '../../run/run-reader.service.js';
import { positionOf, type RunPosition } from '../../run/run-source.js';
import type { Session } from '../../session/session.js';
import { SessionService } from '../../session/session.service.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import type { GetHistoryDto } from './dto/get-history.dto.js';
import { toWireMessage, type WireMessage } from '../delivery/wire-message.js';

/** What family A is told of its session: the greeting, the history, the facts. */
@Injectable()
export class AssistantSessions {
  constructor(
    private readonly sessions: SessionService,
    private readonly conversations: ConversationService,
    private readonly reader: RunReader,
    private readonly config: SessionConfig,
  ) {}

  /** Opens the session of a new connection and announces it. */
  async greet(socket: TalksySocket): Promise<void> {
    const {
      principal: { userId },
      guestToken,
    } = socket.data;
    const { session, restored } = await this.sessions.open(userId, socket.id, wantedSession(socket));
    socket.data.sessionId = session.id;
    const greeting = { sessionId: session.id, expiresAt: time(session.expiresAt) };
    const past = restored ? await this.past(session) : guestToken && { guestToken };
    socket.emit(restored ? 'SESSION_RESTORED' : 'SESSION_CREATED', { ...greeting, ...past });
  }

  async leave({ id, data }: TalksySocket): Promise<void> {
    if (data.sessionId) await this.sessions.leave(data.sessionId, id);
  }

  /** The payload of `conversation_history`. Throws CONVERSATION_NOT_FOUND for a conversation asked for by id. */
  async history({ data }: TalksySocket, query: GetHistoryDto): Promise<WireMessage[]> {
    const { conversationId } = query.conversationId ? query : await this.sessions.require(data.sessionId);
    const limit = Math.min(query.limit ?? this.config.maxHistory, this.config.maxHistory);
    const wanted = { limit, ...(query.before && { before: query.before }) };
    return this.messages(conversationId, data.principal.userId, wanted, !query.conversationId);
  }

  /** The payload of `session_info`. */
  async info({ data }: TalksySocket): Promise<object> {
    const session = await this.sessions.require(data.sessionId);
    const { conversationId } = session;
    const conversation = conversationId ? await this.conversations.find(conversationId, session.userId) : undefined;
    return {
      sessionId: session.id,
      status: 'active',
      conversationId: conversation?.id ?? null,
      messageCount: conversation?.messageCount ?? 0,
      createdAt: time(session.createdAt),
      lastActivityAt: time(session.lastActivityAt),
      expiresAt: time(session.expiresAt),
    };
  }

  private async past({ conversationId, userId }: Session): Promise<object> {
    const history = await this.messages(conversationId, userId, { limit: this.config.maxHistory }, true);
    const run = conversationId ? await this.reader.findRunning(conversationId) : undefined;
    const activeRun = run && { runId: run.id, ...(await this.position(run.id, userId)) };
    const exists = history.length > 0;
    return { history, conversationId: exists ? conversationId : null, ...(activeRun && { activeRun }) };
  }

  /** Nothing is known of a run that only another node can read now; resuming it will tell when to ask again. */
  private async position(runId: string, userId: string): Promise<RunPosition> {
    try {
      return await positionOf(await this.reader.open(runId, userId));
    } catch (error) {
      if (error instanceof TalksyError) return { lastSeq: -1, lastIndex: -1 };
      throw error;
    }
  }

  /** A session may point to a conversation that does not exist before its first message, or no longer. */
  private async messages(
    conversationId: string | undefined,
    userId: string,
    query: { limit: number; before?: string },
    mayBeMissing: boolean,
  ): Promise<WireMessage[]> {
    const missing = mayBeMissing && (!conversationId || !(await this.conversations.find(conversationId, userId)));
    if (missing || !conversationId) return [];
    return (await this.conversations.history(conversationId, userId, query)).map(toWireMessage);
  }
}

const time = (ms: number): string => new Date(ms).toISOString();

function wantedSession(socket: TalksySocket): string | undefined {
  const { sessionId } = socket.handshake.auth as { sessionId?: unknown };
  return typeof sessionId === 'string' ? sessionId : undefined;
}
