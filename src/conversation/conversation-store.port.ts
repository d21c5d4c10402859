import type { Conversation, ConversationRole, ConversationSettings } from './conversation.js';
import type { Message } from './message.js';
import type { MessageInput } from './message-input.js';

export interface HistoryQuery {
  /** Most messages to return; the newest win. */
  limit: number;
  /** Only messages above this one in the tree. Unknown or of another conversation: an empty history. */
  before?: string;
}

/** A conversation as somebody who may see it does. */
export interface SeenConversation {
  conversation: Conversation;
  role: ConversationRole;
}

/** How an answer to a message is made: what its conversation says, and what the message brought with it. */
export interface QuestionSettings extends ConversationSettings {
  input?: MessageInput;
}

/** What a conversation's beginning comes to, for a model that is not shown it any more. */
export interface ConversationSummary {
  text: string;
  /** The last message that is in it. */
  upTo: string;
}

/** Reads of conversations. What writes them is the claim of a run (RunStore), so that both happen or neither; only
 * the summary is written here, and the last one counts. */
export abstract class ConversationStore {
  abstract find(id: string): Promise<Conversation | undefined>;
  /** The conversation and what the user is in it: as owner, as member, or by its organization or project. */
  abstract findFor(id: string, userId: string): Promise<SeenConversation | undefined>;
  /** Of this message and the conversation that it is in; nothing where it is gone. */
  abstract settingsFor(messageId: string): Promise<QuestionSettings>;
  abstract findMessage(id: string): Promise<Message | undefined>;
  /**
   * The path from the root to the active leaf (or to the parent of `before`), oldest first, its last `limit` messages,
   * each with its siblings.
   */
  abstract history(conversationId: string, query: HistoryQuery): Promise<Message[]>;
  /** The same path ending at a given message, which is included: with what models read of it, without siblings. */
  abstract pathTo(messageId: string, limit: number): Promise<Message[]>;
  abstract findSummary(conversationId: string): Promise<ConversationSummary | undefined>;
  /** Nothing happens where the conversation is gone. */
  abstract saveSummary(conversationId: string, summary: ConversationSummary): Promise<void>;
}
