/** A message that holds what was looked for. */
export interface FoundMessage {
  conversationId: string;
  title: string | undefined;
  messageId: string;
  role: 'user' | 'assistant';
  /** The part of the message around the first word that was looked for. */
  excerpt: string;
  createdAt: Date;
}

export interface MessageQuery {
  /** All of them must be in the message, in any case and order; they mean nothing but themselves. */
  words: readonly string[];
  limit: number;
}

/** Looks through what was said. Guarantees (message-search.contract.ts): finds only the user's own, newest first. */
export abstract class MessageSearch {
  abstract search(userId: string, query: MessageQuery): Promise<FoundMessage[]>;
}
