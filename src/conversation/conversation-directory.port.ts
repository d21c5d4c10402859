import type { ConversationRole, ConversationSettings } from './conversation.js';
import type { SeenConversation } from './conversation-store.port.js';

/** Where a conversation belongs; without either to the personal organization of its owner. */
export interface ConversationPlace {
  organizationId?: string;
  projectId?: string;
}

export interface NewConversation extends ConversationSettings, ConversationPlace {
  id: string;
  userId: string;
  title?: string;
}

/** What is undefined stays as it is; null takes the value away. */
export interface ConversationChange {
  title?: string;
  archived?: boolean;
  model?: string | null;
  temperature?: number | null;
  systemPrompt?: string | null;
  /** Both are set at once. */
  place?: ConversationPlace;
}

export interface ConversationQuery extends ConversationPlace {
  userId: string;
  limit: number;
  /** `cursor` of the conversation behind which to go on. */
  after?: string;
  /** All words must be in the title, or at the beginning of words of one message. */
  text?: string;
  archived?: boolean;
}

export interface ListedConversation extends SeenConversation {
  cursor: string;
}

export interface ConversationMember {
  userId: string;
  email: string;
  role: ConversationRole;
}

/**
 * Conversations as things to find, make, change and share. Guarantees (conversation-directory.contract.ts):
 *  1. `list` gives what the user owns or is a member of (in a place: everything there that they may read), changed last
 *     first; pages have neither gaps nor repeats among what did not change meanwhile.
 *  2. `delete` leaves nothing of the conversation: messages, runs, members.
 *  3. The owner is no member who could be changed or removed.
 */
export abstract class ConversationDirectory {
  /** Throws VALIDATION_ERROR where `after` is no cursor. */
  abstract list(query: ConversationQuery): Promise<ListedConversation[]>;
  /** False where the id is taken. */
  abstract create(conversation: NewConversation): Promise<boolean>;
  /** Nothing happens where the conversation is gone. */
  abstract change(id: string, change: ConversationChange): Promise<void>;
  /** Gives a conversation its title if it still has another one that was given to it by the server. */
  abstract retitle(id: string, from: string, to: string): Promise<void>;
  /** The newest runs that were deleted with it, at most `limit`; undefined where it is gone already. */
  abstract delete(id: string, limit: number): Promise<string[] | undefined>;
  /** The whole of a place, and what the user may do in it; undefined where it is unknown, or they may do nothing. */
  abstract findPlace(
    userId: string,
    place: ConversationPlace,
  ): Promise<(ConversationPlace & { role: ConversationRole }) | undefined>;
  /** The owner first. */
  abstract members(id: string): Promise<ConversationMember[]>;
  /** False where there is no such user, or they own the conversation. */
  abstract setMember(id: string, userId: string, role: ConversationRole): Promise<boolean>;
  /** False where they are no member. */
  abstract removeMember(id: string, userId: string): Promise<boolean>;
}
