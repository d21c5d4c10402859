import type { JsonSchema } from './dto-schemas.js';

const text = { type: 'string' };
const whole = { type: 'integer' };
const time = { type: 'string', format: 'date-time' };
const usage = {
  type: 'object',
  properties: { promptTokens: whole, completionTokens: whole, totalTokens: whole, estimated: { type: 'boolean' } },
  required: ['promptTokens', 'completionTokens', 'totalTokens'],
};
const error = { type: 'object', properties: { code: text, message: text }, required: ['code', 'message'] };
const message = {
  type: 'object',
  properties: { id: text, role: { enum: ['user', 'assistant'] }, content: text, timestamp: time, status: text },
  required: ['id', 'role', 'content', 'timestamp', 'status'],
};
const tool = {
  type: 'object',
  properties: {
    name: text,
    description: text,
    category: text,
    parameters: { type: 'object' },
    requiresApproval: { type: 'boolean' },
  },
  required: ['name', 'description', 'parameters', 'requiresApproval'],
};

function payload(properties: Record<string, object>, optional: Record<string, object> = {}): JsonSchema {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) };
}

const session = { sessionId: text, expiresAt: time };
const start = { runId: text, messageId: text, conversationId: text, userMessageId: text, seq: whole };
const call = { callId: text, toolName: text };

/**
 * What the server sends over sockets. A test compares every frame of a busy conversation with it. `stream_start` and
 * `stream_chunk` of rooms have other fields than those of who asked.
 */
export const SERVER_EVENTS: Readonly<Record<string, { summary: string; payload: JsonSchema }>> = {
  SESSION_CREATED: { summary: 'A new session', payload: payload(session, { guestToken: text }) },
  SESSION_RESTORED: {
    summary: 'The session goes on',
    payload: payload(
      { ...session, history: { type: 'array', items: message } },
      { conversationId: text, activeRun: { type: 'object' } },
    ),
  },
  assistant_response: {
    summary: 'A whole answer',
    payload: payload({
      text,
      timestamp: time,
      messageId: text,
      runId: text,
      conversationId: text,
      usage,
      provider: text,
      model: text,
      finishReason: text,
    }),
  },
  stream_queued: { summary: 'An answer has to wait', payload: payload({ ...start, position: whole }) },
  stream_start: {
    summary: 'An answer begins',
    payload: payload({ messageId: text, conversationId: text }, { ...start, sessionId: text, continues: text }),
  },
  stream_chunk: {
    summary: 'A piece of an answer; in a room all of it so far',
    payload: payload(
      { content: text },
      { index: whole, runId: text, seq: whole, messageId: text, conversationId: text, isComplete: { type: 'boolean' } },
    ),
  },
  stream_end: {
    summary: 'An answer has ended',
    payload: payload(
      {
        sessionId: text,
        runId: text,
        messageId: text,
        finishReason: text,
        usage,
        provider: text,
        model: text,
        lastIndex: whole,
        seq: whole,
      },
      { error, text, continuedBy: text },
    ),
  },
  stream_complete: {
    summary: 'An answer has ended, in a room',
    payload: payload({ messageId: text, conversationId: text }),
  },
  tool_call: {
    summary: 'A model calls a tool',
    payload: payload({ ...call, runId: text, parameters: {}, seq: whole }),
  },
  tool_result: {
    summary: 'What came of a call',
    payload: payload(
      { ...call, result: { type: 'object' }, executionTimeMs: { type: 'number' } },
      { runId: text, seq: whole },
    ),
  },
  tool_approval: {
    summary: 'A call waits for a person',
    payload: payload({ ...call, runId: text, parameters: {}, expiresAt: time, seq: whole }),
  },
  conversation_history: { summary: 'Messages, oldest first', payload: { type: 'array', items: message } },
  branch_switched: {
    summary: 'Another branch is the current one',
    payload: payload({
      conversationId: text,
      activeLeafId: text,
      messageCount: whole,
      history: { type: 'array', items: message },
    }),
  },
  conversation_forked: {
    summary: 'A new conversation that begins like another',
    payload: payload({ conversationId: text, title: text, forkedFrom: text, activeLeafId: text, messageCount: whole }),
  },
  session_info: {
    summary: 'The session',
    payload: payload(
      { sessionId: text, status: text, messageCount: whole, createdAt: time, lastActivityAt: time, expiresAt: time },
      { conversationId: {} },
    ),
  },
  tools_list: { summary: 'The tools that may be called', payload: { type: 'array', items: tool } },
  tool_info: { summary: 'A tool', payload: tool },
  rate_limit: {
    summary: 'Little or nothing is left of the limit',
    payload: payload({ remaining: whole, limit: whole, resetAt: time }),
  },
  token_expiring: { summary: 'The credentials end in a minute', payload: payload({ expiresAt: time }) },
  error: {
    summary: 'Something was refused; the socket stays',
    payload: payload(
      { code: text, message: text, requestId: text },
      { details: { type: 'array' }, retryAfterMs: whole, event: text },
    ),
  },
};
