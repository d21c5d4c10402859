import type { ConversationSettings } from '../conversation/conversation.js';
import type { Message } from '../conversation/message.js';
import type { TraceParent } from '../observability/tracing.js';
import type { StatelessPrompt } from './stateless-prompt.js';
import type { ToolRound } from './tool-round.js';

/** What a run has to answer. */
export interface Turn {
  runId: string;
  userId: string;
  /** The user message at the end of the conversation's branch that the model sees; empty for a stateless turn. */
  userMessageId: string;
  /** Of a stateless turn: what the model sees instead of a conversation. */
  prompt?: StatelessPrompt;
  /** How its conversation wants answers; read when it is played, unless it was seen before. */
  settings?: ConversationSettings;
  /** The branch of the conversation that ends with the user's message, where that is known already. */
  history?: readonly Message[];
  /** The model that the client, or else the conversation asks for. */
  requestedModel?: string;
  /** The tools that may be offered; without it all that the user may use, empty for none. */
  tools?: readonly string[];
  /** The longest answer that the user's budget allows. */
  answerTokens?: number;
  /** The trace that it belongs to, where one began elsewhere. */
  trace?: TraceParent;
  /** The part of the answer that stands already, from an interrupted run; usually empty. */
  prior: string;
  /** The calls of tools that stand already, in a run that goes on from its log. */
  rounds?: readonly ToolRound[];
}
