import type { RunClaim } from '../../run/run-store.port.js';
import type { SqlValues, Values } from '../database/stored-statement.js';

/** All that a claim says, and as what the database takes it. */
export const CLAIM_TYPES = {
  runId: 'uuid',
  userId: 'uuid',
  conversationId: 'text',
  mayCreate: 'boolean',
  title: 'text',
  questionId: 'uuid',
  parentId: 'uuid',
  content: 'text',
  clientMessageId: 'text',
  input: 'jsonb',
  attachments: 'jsonb',
  answerId: 'uuid',
  requestedModel: 'text',
  tools: 'jsonb',
  owner: 'text',
  holdMs: 'double precision',
  runningOfUser: 'integer',
} as const;

export type ClaimSql = SqlValues<typeof CLAIM_TYPES>;

/**
 * Where a claim writes: a question at the end of the current branch, at the root, or under a message that it names; or
 * one more answer to a question that is there.
 */
export type ClaimPlace = 'end' | 'root' | 'named' | 'again';

export const claimPlaceOf = ({ isRegenerated, userMessage: { parentId } }: RunClaim): ClaimPlace => {
  if (isRegenerated) return 'again';
  if (parentId === undefined) return 'end';
  return parentId === null ? 'root' : 'named';
};

export function claimValues(claim: RunClaim): Values<typeof CLAIM_TYPES> {
  const { conversation, userMessage, isRegenerated = false } = claim;
  const { input, parentId = null } = userMessage;
  return {
    runId: claim.runId,
    userId: claim.userId,
    conversationId: conversation.id,
    mayCreate: conversation.createIfMissing && !parentId && !isRegenerated,
    title: conversation.title,
    questionId: userMessage.id,
    parentId,
    content: userMessage.content,
    clientMessageId: userMessage.clientMessageId ?? null,
    input: jsonOf(input),
    attachments: jsonOf(input?.attachments),
    answerId: claim.assistantMessageId,
    requestedModel: claim.requestedModel ?? null,
    tools: jsonOf(claim.tools),
    owner: claim.owner,
    holdMs: claim.holdMs,
    runningOfUser: claim.limits.runningOfUser,
  };
}

const jsonOf = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value));
