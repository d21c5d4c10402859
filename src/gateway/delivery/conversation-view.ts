import type { ConversationRole } from '../../conversation/conversation.js';
import type { SeenConversation } from '../../conversation/conversation-store.port.js';
import type { Message } from '../../conversation/message.js';
import type { UsageTotals } from '../../run/usage-store.port.js';
import { toWireMessage, type WireMessage } from './wire-message.js';

/** A conversation over REST. Times are ISO 8601. */
export interface ConversationView {
  id: string;
  title: string;
  /** What the caller is in it. */
  role: ConversationRole;
  userId: string;
  /** Messages on the current branch. */
  messageCount: number;
  activeLeafId: string | null;
  model: string | null;
  temperature: number | null;
  systemPrompt: string | null;
  archived: boolean;
  /** The owner's personal organization where it is in no other. */
  orgId: string;
  projectId: string | null;
  forkedFrom: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface ConversationDetails extends ConversationView {
  messages: WireMessage[];
  /** Tokens of all its answers, on all branches. */
  usage: UsageTotals;
}

/** What of a conversation goes over the wire. */
export function conversationView({ conversation, role }: SeenConversation): ConversationView {
  const { id, title = '', userId, messageCount, createdAt, updatedAt } = conversation;
  return {
    id,
    title,
    role,
    userId,
    messageCount,
    activeLeafId: conversation.activeLeafId ?? null,
    model: conversation.model ?? null,
    temperature: conversation.temperature ?? null,
    systemPrompt: conversation.systemPrompt ?? null,
    archived: conversation.archivedAt !== undefined,
    orgId: conversation.organizationId ?? userId,
    projectId: conversation.projectId ?? null,
    forkedFrom: conversation.forkedFrom ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** The conversation with messages of its current branch. */
export function conversationDetails(
  seen: SeenConversation,
  messages: readonly Message[],
  usage: UsageTotals,
): ConversationDetails {
  return { ...conversationView(seen), messages: messages.map(toWireMessage), usage };
}
