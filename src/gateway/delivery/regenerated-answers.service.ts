import { Injectable } from '@nestjs/common';
import { ConversationAccess } from '../../conversation/conversation-access.service.js';
import { ConversationBranches } from '../../conversation/conversation-branches.service.js';
import { answerCut, wholeAnswer } from '../../run/run-answer.js';
import { RunReader } from '../../run/run-reader.service.js';
import { type RegenerateRequest, RunRegenerator } from '../../run/run-regenerator.service.js';
import { toWireMessage, type WireMessage } from './wire-message.js';
import { type ConversationView, conversationView } from './conversation-view.js';

/** A whole answer, and the conversation as it is then. */
export interface AnsweredView {
  message: WireMessage;
  conversation: ConversationView;
}

/** Answers questions once more, and waits for the end. */
@Injectable()
export class RegeneratedAnswers {
  constructor(
    private readonly regenerator: RunRegenerator,
    private readonly reader: RunReader,
    private readonly branches: ConversationBranches,
    private readonly access: ConversationAccess,
  ) {}

  /** Throws what `RunRegenerator.regenerate` throws, and the error of an answer that failed. */
  async regenerate(request: RegenerateRequest, signal: AbortSignal): Promise<AnsweredView> {
    const { run } = await this.regenerator.regenerate(request);
    const { userId } = request;
    const answer = await wholeAnswer(await this.reader.open(run.id, userId), signal);
    if (!answer) throw answerCut();
    const message = await this.branches.requireMessage({ userId, messageId: run.messageId! }, 'read');
    const seen = await this.access.require(message.conversationId, userId);
    return { message: toWireMessage(message), conversation: conversationView(seen) };
  }
}
