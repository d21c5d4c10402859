import type { Conversation } from './conversation.js';
import type { Message } from './message.js';

export interface HistoryQuery {
  /** Most messages to return; the newest win. */
  limit: number;
  /** Only messages above this one in the tree. Unknown or of another conversation: an empty history. */
  before?: string;
}

/** Reads of conversations. What writes them is the claim of a run (RunStore), so that both happen or neither. */
export abstract class ConversationStore {
  abstract find(id: string): Promise<Conversation | undefined>;
  /** The path from the root to the active leaf (or to the parent of `before`), oldest first, its last `limit` messages. */
  abstract history(conversationId: string, query: HistoryQuery): Promise<Message[]>;
  /** The same path ending at a given message, which is included. */
  abstract pathTo(messageId: string, limit: number): Promise<Message[]>;
}
