import { Injectable } from '@nestjs/common';
import {
  ConversationBranches,
  type MessageWish,
  noSuchMessage,
} from '../conversation/conversation-branches.service.js';
import { type AnswerWishes, RunStarter, type StartedRun } from './run-starter.service.js';

/** The message is an answer that is wanted anew, or the question itself. */
export interface RegenerateRequest extends MessageWish, AnswerWishes {}

/** Answers a user message once more. The answers that it has stay, as branches beside the new one. */
@Injectable()
export class RunRegenerator {
  constructor(
    private readonly branches: ConversationBranches,
    private readonly starter: RunStarter,
  ) {}

  /** Throws NOT_FOUND, FORBIDDEN, and what `RunStarter.start` throws about the model, the queue and the budget. */
  async regenerate(request: RegenerateRequest): Promise<StartedRun> {
    const { id, role, parentId, conversationId } = await this.branches.requireMessage(request, 'write');
    const questionId = role === 'user' ? id : parentId;
    if (!questionId) throw noSuchMessage();
    return this.starter.answerAgain({ ...request, conversationId, questionId });
  }
}
