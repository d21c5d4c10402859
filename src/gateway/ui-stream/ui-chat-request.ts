import { z } from 'zod';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { Attachment } from '../../run/attachments.js';
import { attachmentsSchema } from '../delivery/attachment-schema.js';
import { textOfDataUrl } from '../delivery/data-url.js';

const part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  mediaType: z.string().max(255).optional(),
  filename: z.string().max(255).optional(),
  url: z.string().optional(),
});
const message = z.looseObject({ id: z.string().min(1).max(128), role: z.string(), parts: z.array(part).max(1000) });

/** What `useChat` sends; it may send more. */
export const uiChatFields = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'must have 1 to 128 of letters, digits, _ and -'),
  messages: z.array(message).max(10_000).default([]),
  trigger: z.literal(['submit-message', 'regenerate-message']).default('submit-message'),
  messageId: z.string().max(128).nullish(),
});

/** What somebody wants who uses `useChat`. */
export type UiChatRequest =
  | { chatId: string; kind: 'message'; text: string; messageId: string; attachments: Attachment[] }
  | { chatId: string; kind: 'regenerate'; answerId: string | undefined };

/** Reads a body. The conversation is the server's: of its messages only the new one counts. Throws VALIDATION_ERROR. */
export function parseUiChat(body: unknown): UiChatRequest {
  const { data, error } = uiChatFields.safeParse(body);
  if (error) throw invalid(error.issues[0]!.path.map(String).join('.') || 'body', error.issues[0]!.message);
  const { id: chatId, trigger, messageId, messages } = data;
  if (trigger === 'regenerate-message') return { chatId, kind: 'regenerate', answerId: messageId ?? undefined };
  const asked = messages.findLast(({ role }) => role === 'user');
  if (!asked) throw invalid('messages', 'must end with a message of the user');
  const text = asked.parts.map((one) => (one.type === 'text' ? (one.text ?? '') : '')).join('');
  const attachments = asked.parts.flatMap((one) => (one.type === 'file' ? [attachmentOf(one)] : []));
  const fault = attachmentsSchema.safeParse(attachments).error?.issues[0];
  if (fault) throw invalid('messages', `file ${String(fault.path[0] ?? '')}: ${fault.message}`);
  return { chatId, kind: 'message', text, messageId: asked.id, attachments };
}

/** Pictures stay as they are; of other files the text is read. */
function attachmentOf({ mediaType = '', filename, url = '' }: z.infer<typeof part>): Attachment {
  const name = filename && { name: filename };
  if (mediaType.startsWith('image/')) return { type: 'image', url, ...name };
  const content = textOfDataUrl(url);
  if (content === undefined) throw invalid('messages', `the file ${filename ?? ''} is neither an image nor text`);
  return { type: 'file', content, name: filename ?? 'file' };
}

function invalid(field: string, what: string): TalksyError {
  const words = `${field}: ${what}`;
  return new TalksyError('VALIDATION_ERROR', words, { details: [{ field, message: words }] });
}
