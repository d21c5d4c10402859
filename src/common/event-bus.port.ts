/** Control events between rooms and, with Redis, between nodes. Never text of an answer. */
export interface ControlEvents {
  /** A token family is over: its cached lookups are void and its sockets must close. */
  'family.revoked': { familyId: string };
}

export type ControlEventName = keyof ControlEvents;

/** Delivers control events at least once to every subscriber on every node; a subscriber that throws harms no other. */
export abstract class EventBus {
  abstract publish<N extends ControlEventName>(name: N, event: ControlEvents[N]): Promise<void>;
  /** Returns the function that ends the subscription. */
  abstract subscribe<N extends ControlEventName>(name: N, listener: (event: ControlEvents[N]) => void): () => void;
}
