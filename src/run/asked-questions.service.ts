import { Injectable } from '@nestjs/common';
import type { ModelMessage } from '../common/model-message.js';
import { SessionConfig } from '../config/config.js';
import { ConversationStore, type QuestionSettings } from '../conversation/conversation-store.port.js';
import type { Message } from '../conversation/message.js';
import type { MessageInput } from '../conversation/message-input.js';
import { modelMessagesOf, withInstructions, withMatchedCalls } from '../conversation/model-view.js';
import type { StatelessPrompt } from './stateless-prompt.js';

/** More messages than any caller's chain of answers has; what lies before them is forgotten. */
const MAX_CHAIN = 1000;

/** The questions of conversations, as those who have them answered need them. */
@Injectable()
export class AskedQuestions {
  constructor(
    private readonly conversations: ConversationStore,
    private readonly session: SessionConfig,
  ) {}

  /** How an answer to it is made; nothing where it is gone. */
  async settingsOf(questionId: string): Promise<QuestionSettings> {
    return this.conversations.settingsFor(questionId);
  }

  /** The last messages of the branch that ends with it, oldest first; as many as models see unless told otherwise. */
  async historyOf(messageId: string, limit = this.session.maxHistory): Promise<readonly Message[]> {
    return this.conversations.pathTo(messageId, limit);
  }

  /** What a model is given where the question's wishes, and not its conversation, say how an answer is made. */
  async promptOf(questionId: string, wishes: NonNullable<MessageInput['wishes']>): Promise<StatelessPrompt> {
    const { instructions, ...rest } = wishes;
    return { ...rest, messages: withInstructions(instructions, await this.messagesTo(questionId)) };
  }

  /** The branch that ends with this message, oldest first, as models read it. */
  async messagesTo(messageId: string): Promise<ModelMessage[]> {
    const path = await this.conversations.pathTo(messageId, MAX_CHAIN);
    return withMatchedCalls(path.flatMap(modelMessagesOf));
  }
}
