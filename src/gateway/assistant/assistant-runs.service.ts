import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { newRowId } from '../../common/ids.js';
import { isConversationId } from '../../conversation/conversation.js';
import { answerCut, type RecordVisitor, wholeAnswer } from '../../run/run-answer.js';
import { type FirstRecord, isTerminal } from '../../run/run-event.js';
import { RunReader } from '../../run/run-reader.service.js';
import { type RunSource, seqOfIndex } from '../../run/run-source.js';
import { type AnswerWishes, RunStarter } from '../../run/run-starter.service.js';
import { RunStopper, type StopResult } from '../../run/run-stopper.service.js';
import { SessionService } from '../../session/session.service.js';
import { SocketMessageLimits } from '../sockets/message-limits.service.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { assistantResponse } from './assistant.projection.js';
import type { ResumeStreamDto } from './dto/resume-stream.dto.js';
import type { UserMessageDto } from './dto/user-message.dto.js';

/** What family A's messages mean for runs: the session says which conversation, the run engine does the rest. */
@Injectable()
export class AssistantRuns {
  constructor(
    private readonly sessions: SessionService,
    private readonly starter: RunStarter,
    private readonly stopper: RunStopper,
    private readonly reader: RunReader,
    private readonly limits: SocketMessageLimits,
  ) {}

  /** The run that answers this message: a new one, or the first one of the same messageId. */
  async start(socket: TalksySocket, message: UserMessageDto): Promise<RunSource> {
    const { data } = socket;
    const { userId } = data.principal;
    const { text, messageId, conversationId, parentId, attachments } = message;
    if (conversationId && !isConversationId(conversationId)) throw new TalksyError('CONVERSATION_NOT_FOUND');
    const id =
      conversationId === null ? newRowId() : (conversationId ?? (await this.sessions.conversationOf(data.sessionId)));
    const request = {
      userId,
      text,
      askedBy: socket.id,
      conversation: { id, createIfMissing: !conversationId },
      ...(attachments && { attachments }),
      ...(messageId && { clientMessageId: messageId }),
      ...(parentId !== undefined && { parentId }),
      ...answerWishes(message),
    };
    const { run } = await this.limits.admit(socket, () => this.starter.start(request));
    // Also for a resend: the first run may be in another conversation than this session made up for it.
    const isElsewhere = conversationId !== undefined || run.conversationId !== id;
    if (run.conversationId && isElsewhere) await this.sessions.point(data.sessionId, run.conversationId);
    return this.reader.open(run.id, userId);
  }

  /** Waits until the run has begun: where it was stopped before, what is known of it is all there will be. */
  async begun(source: RunSource, signal: AbortSignal): Promise<FirstRecord> {
    const { started } = source;
    if (started.type === 'run.started') return started;
    for await (const batch of source.follow(started.seq, signal)) {
      for (const record of batch) {
        if (record.type === 'run.started') return record;
        if (isTerminal(record)) return started;
      }
    }
    throw new TalksyError('STORE_UNAVAILABLE', 'The stream was cut; resume it.', { retryAfterMs: 500 });
  }

  /** The payload of `assistant_response`; `onRecord` sees what happens on the way. Throws the run's own error where it failed. */
  async answer(source: RunSource, signal: AbortSignal, onRecord?: RecordVisitor): Promise<object> {
    const answer = await wholeAnswer(source, signal, onRecord);
    if (!answer) throw answerCut();
    return assistantResponse(answer.text, answer.end, source, new Date().toISOString());
  }

  async open({ data }: TalksySocket, { runId, afterSeq, afterIndex }: ResumeStreamDto): Promise<[RunSource, number]> {
    const source = await this.reader.open(runId, data.principal.userId);
    if (afterSeq !== undefined) return [source, afterSeq];
    return [source, afterIndex === undefined ? -1 : await seqOfIndex(source, afterIndex)];
  }

  /** Stops the named run, or the one that runs, else waits, in the session's conversation. Throws RUN_NOT_FOUND. */
  async stop({ data }: TalksySocket, runId?: string): Promise<StopResult> {
    const id = runId ?? (await this.stoppableIn(data.sessionId));
    if (!id) throw new TalksyError('RUN_NOT_FOUND', 'Nothing is being answered in this session.');
    return this.stopper.stop(id, data.principal.userId);
  }

  private async stoppableIn(sessionId: string): Promise<string | undefined> {
    const { conversationId } = await this.sessions.require(sessionId);
    return conversationId && (await this.reader.findStoppable(conversationId))?.id;
  }
}

/** How the client wants the answer, whatever it is that is answered. */
export function answerWishes({ model, tools, onBusy }: AnswerWishes): AnswerWishes {
  return { ...(model && { model }), ...(tools && { tools }), ...(onBusy && { onBusy }) };
}
