import type { Message } from './message.js';

/** A new conversation with the same beginning as another. */
export interface Fork {
  id: string;
  userId: string;
  title: string;
  /** The last message that is copied, of a conversation that the user may read. */
  messageId: string;
  /** What stands in for its text, where it is not complete. */
  content?: string;
}

/**
 * The branches of conversations. Guarantees (message-tree.contract.ts):
 *  1. `switchTo` makes the newest branch through a message the current one: at each step down the newest message.
 *  2. `fork` copies the path to a message whole or not at all, under new ids and without the runs that wrote it: nothing
 *     of the copy ever changes the original, or is changed by it. What is still being written is `interrupted` there.
 *  3. `erase` leaves nothing of what messages said, and their places in the tree.
 *  4. Reads come in pages, so no conversation is ever in memory as a whole.
 */
export abstract class MessageTree {
  /** The new end of the current branch; undefined where the conversation has no such message. */
  abstract switchTo(conversationId: string, messageId: string): Promise<string | undefined>;
  /** False where the message is gone. */
  abstract fork(fork: Fork): Promise<boolean>;
  /** Messages that are gone are passed over. */
  abstract erase(ids: readonly string[]): Promise<void>;
  /** The ids of the current branch, oldest first. */
  abstract branchIds(conversationId: string): Promise<string[]>;
  /** These messages, in the order of their ids given. */
  abstract read(ids: readonly string[]): Promise<Message[]>;
  /** Messages of every branch in the order of their ids, which is that of their making, from behind `after` on. */
  abstract list(conversationId: string, limit: number, after?: string): Promise<Message[]>;
}
