import type { ModelMessage, ModelToolCall } from '../common/model-message.js';
import type { TokenUsage } from '../common/token-usage.js';

export type MessageStatus = 'complete' | 'streaming' | 'cancelled' | 'interrupted' | 'failed';

/** Where one chunk of an answer ended: the seq of its record and the UTF-16 units up to its end. */
export type ChunkEnd = readonly [seq: number, end: number];

/** What people are shown of an attachment. */
export interface AttachmentNote {
  type: 'image' | 'file';
  name?: string;
  /** Of a picture in the web. */
  url?: string;
  /** Of a file, in UTF-8. */
  bytes?: number;
}

/** One message of a conversation's tree. */
export interface Message {
  id: string;
  conversationId: string;
  parentId: string | undefined;
  role: 'user' | 'assistant';
  content: string;
  status: MessageStatus;
  /** Messages from the root to this one, itself included. */
  depth: number;
  createdAt: Date;
  /** The client's own id of a user message. */
  clientMessageId?: string;
  /** The run that wrote an assistant message. */
  runId?: string;
  finishReason?: string;
  provider?: string;
  model?: string;
  usage?: TokenUsage;
  /** What came with a user message. */
  attachments?: readonly AttachmentNote[];
  /** What a model reads of a user message in place of its text; in paths only. */
  items?: readonly ModelMessage[];
  /** The calls that an answer ended with, for its caller to make; in paths only. */
  calls?: readonly ModelToolCall[];
  /** Where there is a choice, in histories: all messages in this place of the tree, itself included, oldest first. */
  siblingIds?: readonly string[];
}
