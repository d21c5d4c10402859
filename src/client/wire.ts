/** What goes over the wire, as a client sees it. Knows nothing of the server's code. Names are the wire's. */

export interface Credentials {
  email: string;
  password: string;
}

/** What register, login and refresh answer; `expiresIn` counts seconds. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

export interface WireError {
  code: string;
  message: string;
  requestId?: string;
  retryAfterMs?: number;
}

export type Ack<T> = { ok: true; data: T } | { ok: false; error: WireError };

export interface SessionOpened {
  sessionId: string;
  expiresAt: string;
}

export interface UserMessage {
  text: string;
  /** The client's own id: sent again, the message starts no second run. */
  messageId: string;
  /** Null for a new one. */
  conversationId: string | null;
  attachments?: readonly Attachment[];
  model?: string;
  /** The message that this one follows, null for none: an edit stands beside the message with the same one. */
  parentId?: string | null;
}

/** A picture by address or as a `data:` URL, or a file of text. */
export type Attachment =
  { type: 'image'; url: string; name?: string } | { type: 'file'; content: string; name: string };

export interface StreamStart {
  runId: string;
  messageId: string;
  userMessageId: string;
  conversationId: string;
  seq: number;
}

/** The answer has to wait for others; `stream_start` and the ack come when it begins. */
export interface StreamQueued extends StreamStart {
  /** 1 for the next. */
  position: number;
}

export interface StreamChunk {
  runId: string;
  content: string;
  index: number;
  seq: number;
}

export interface ToolCall {
  runId: string;
  callId: string;
  toolName: string;
  parameters: unknown;
  seq: number;
}

/** What came of a call, a model's or one's own. */
export interface ToolOutcome {
  callId: string;
  toolName: string;
  result: { success: true; data: unknown } | { success: false; error: { code: string; message: string } };
  executionTimeMs: number;
}

export interface ToolReturned extends ToolOutcome {
  runId: string;
  seq: number;
}

/** A tool of the server. */
export interface ToolInfo {
  name: string;
  description: string;
  requiresApproval: boolean;
}

/** A model's call waits until the person decides, at the latest at `expiresAt`. */
export interface ToolApproval extends ToolCall {
  expiresAt: string;
}

export interface StreamEnd {
  runId: string;
  finishReason: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'cancelled' | 'interrupted' | 'error';
  /** -1 where the answer has no text. */
  lastIndex: number;
  seq: number;
  error?: WireError;
  /** Replaces what was shown. */
  text?: string;
  provider: string;
  model: string;
  usage: { promptTokens: number; completionTokens: number; totalTokens: number; estimated?: boolean };
  /** The run that goes on with this interrupted answer. */
  continuedBy?: string;
}

export interface HistoryMessage {
  id: string;
  role: string;
  content: string;
  timestamp: string;
  /** `streaming` while its run is being written. */
  status: string;
  runId?: string;
  parentId?: string;
  attachments?: readonly { type: string; name?: string; url?: string }[];
  /** Where there is a choice: all messages in its place, oldest first, and its own place among them. */
  siblingIds?: readonly string[];
  branchIndex?: number;
}

/** A branch that is shown from now on. */
export interface BranchSwitched {
  conversationId: string;
  history: HistoryMessage[];
}

export interface ConversationForked {
  conversationId: string;
  title: string;
}

/** Events from the server, in the form that Socket.IO's types want. */
export interface ServerEvents {
  SESSION_CREATED: (session: SessionOpened) => void;
  SESSION_RESTORED: (session: SessionOpened) => void;
  stream_queued: (queued: StreamQueued) => void;
  stream_start: (start: StreamStart) => void;
  stream_chunk: (chunk: StreamChunk) => void;
  stream_end: (end: StreamEnd) => void;
  tool_call: (call: ToolCall) => void;
  tool_result: (returned: ToolReturned) => void;
  tool_approval: (approval: ToolApproval) => void;
  token_expiring: () => void;
  error: (error: WireError) => void;
}

/** Requests to the server: payload and the data of the ack. */
export interface ClientRequests {
  user_message_stream: [payload: UserMessage, data: StreamStart];
  resume_stream: [payload: { runId: string; afterSeq: number }, data: { runId: string; fromSeq: number }];
  stop_stream: [payload: { runId?: string }, data: { runId: string; status: string }];
  approve_tool: [payload: { runId: string; callId: string }, data: { status: string }];
  deny_tool: [payload: { runId: string; callId: string }, data: { status: string }];
  regenerate: [payload: { messageId: string }, data: StreamStart];
  switch_branch: [payload: { messageId: string }, data: BranchSwitched];
  fork_conversation: [payload: { messageId: string } | { runId: string; seq?: number }, data: ConversationForked];
  list_tools: [payload: object, data: ToolInfo[]];
  call_tool: [payload: { toolName: string; parameters: object }, data: ToolOutcome];
  get_history: [payload: { conversationId?: string }, data: HistoryMessage[]];
  authenticate: [payload: { token: string }, data: { expiresAt: string }];
}

export type ClientEvents = {
  [E in keyof ClientRequests]: (
    payload: ClientRequests[E][0],
    ack: (answer: Ack<ClientRequests[E][1]>) => void,
  ) => void;
};
