import type { ConversationChange, ConversationPlace } from '../../conversation/conversation-directory.port.js';
import type { ChangeConversationBody } from './conversations.dto.js';

/** Where the client wants a conversation. */
export function placeOf({ orgId, projectId }: ChangeConversationBody): ConversationPlace {
  return { ...(orgId && { organizationId: orgId }), ...(projectId && { projectId }) };
}

/** What the client wants changed: only what it named. A null title or state means nothing. */
export function settingsOf(body: ChangeConversationBody): ConversationChange {
  const { title, archived, model, temperature, systemPrompt, orgId, projectId } = body;
  return {
    ...(typeof title === 'string' && { title }),
    ...(typeof archived === 'boolean' && { archived }),
    ...(model !== undefined && { model }),
    ...(temperature !== undefined && { temperature }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...((orgId !== undefined || projectId !== undefined) && { place: placeOf(body) }),
  };
}
