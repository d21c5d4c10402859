/** What somebody is in a conversation: an owner may do everything, an editor write, a viewer read. */
export const CONVERSATION_ROLES = ['owner', 'editor', 'viewer'] as const;
export type ConversationRole = (typeof CONVERSATION_ROLES)[number];

/** What an answer in this conversation is made with, where the message does not say otherwise. */
export interface ConversationSettings {
  model?: string;
  /** 0 to 2. */
  temperature?: number;
  systemPrompt?: string;
}

/** A durable conversation; its messages form a tree whose current branch ends at `activeLeafId`. */
export interface Conversation extends ConversationSettings {
  id: string;
  userId: string;
  title: string | undefined;
  activeLeafId: string | undefined;
  /** Messages on the current branch. */
  messageCount: number;
  /** Absent in the owner's personal organization. */
  organizationId?: string;
  projectId?: string;
  archivedAt?: Date;
  /** The conversation that this one was forked from. */
  forkedFrom?: string;
  createdAt: Date;
  updatedAt: Date;
}

const CONVERSATION_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Whether this can be the id of a conversation: ours are UUIDs, some clients choose their own. */
export const isConversationId = (id: string): boolean => CONVERSATION_ID.test(id);
