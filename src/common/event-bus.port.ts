/** Control events between rooms and, with Redis, between nodes. Never text of an answer. */
export interface ControlEvents {
  /** A token family is over: its cached lookups are void and its sockets must close. */
  'family.revoked': { familyId: string };
  /** An API key is dead: its cached lookups are void and its sockets must close. */
  'api-key.revoked': { apiKeyId: string };
  /** What an account may do has changed: cached lookups are void and its sockets must be looked at again. */
  'account.changed': { userId: string };
  /** An account may do nothing any more: its lookups are void, its sockets close and its runs stop. */
  'account.ended': { userId: string; reason: 'disabled' | 'deleted' };
  /** Somebody has decided about a tool call of this run: whoever waits for that looks again. */
  'tool.decided': { runId: string };
  /**
   * An answer has begun, or waits to, in this conversation: nodes with listeners in its room follow the run. `askedBy`
   * is the connection that has its own way of following it.
   */
  'conversation.answering': { conversationId: string; runId: string; userId: string; askedBy?: string };
}

export type ControlEventName = keyof ControlEvents;

/** Delivers control events at least once to every subscriber on every node; a subscriber that throws harms no other. */
export abstract class EventBus {
  abstract publish<N extends ControlEventName>(name: N, event: ControlEvents[N]): Promise<void>;
  /** Returns the function that ends the subscription. */
  abstract subscribe<N extends ControlEventName>(name: N, listener: (event: ControlEvents[N]) => void): () => void;
}
