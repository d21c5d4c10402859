import type { Message } from '../../conversation/message.js';

/** A message as clients see it in histories. */
export interface WireMessage {
  id: string;
  role: Message['role'];
  content: string;
  timestamp: string;
  status: Message['status'];
  parentId?: string;
  /** The client's own id of a user message. */
  clientMessageId?: string;
  runId?: string;
  finishReason?: string;
  provider?: string;
  model?: string;
  usage?: Message['usage'];
  attachments?: Message['attachments'];
  /** Where there is a choice: the messages in this place of the tree, itself included, oldest first. */
  siblingIds?: readonly string[];
  /** Its own place among them, from 0. */
  branchIndex?: number;
}

/** Absent fields are left out, not null. */
export function toWireMessage(message: Message): WireMessage {
  const { id, role, content, status, createdAt, parentId, clientMessageId, runId } = message;
  const { finishReason, provider, model, usage, siblingIds, attachments } = message;
  const branchIndex = siblingIds?.indexOf(id);
  const facts = { parentId, clientMessageId, runId, finishReason, provider, model, usage, attachments };
  const optional = { ...facts, siblingIds, branchIndex };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { id, role, content, timestamp: createdAt.toISOString(), status, ...given };
}
