import type { Conversation } from './conversation.js';
import type { Message } from './message.js';

export interface HistoryQuery {
  /** Most messages to return; the newest win. */
  limit: number;
  /** Only messages above this one in the tree. Unknown or of another conversation: an empty history. */
  before?: string;
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
  /** The path from the root to the active leaf (or to the parent of `before`), oldest first, its last `limit` messages. */
  abstract history(conversationId: string, query: HistoryQuery): Promise<Message[]>;
  /** The same path ending at a given message, which is included. */
  abstract pathTo(messageId: string, limit: number): Promise<Message[]>;
  abstract findSummary(conversationId: string): Promise<ConversationSummary | undefined>;
  /** Nothing happens where the conversation is gone. */
  abstract saveSummary(conversationId: string, summary: ConversationSummary): Promise<void>;
}
