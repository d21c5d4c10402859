import type { ModelImage } from '../common/model-message.js';
import type { MessageInput } from '../conversation/message-input.js';

/** What comes with a user's message: a picture for models that see, or a file of text. */
export type Attachment =
  { type: 'image'; url: string; name?: string } | { type: 'file'; content: string; name: string };

/** A file as models read it, within a message. */
export const inlined = (name: string, content: string): string =>
  `\n\n[file: ${name}]\n${content}\n[end of file: ${name}]`;

/** What models read of a message with attachments; nothing more than its text where there are none. */
export function inputWith(text: string, attachments: readonly Attachment[] = []): { input?: MessageInput } {
  if (attachments.length === 0) return {};
  const images: ModelImage[] = [];
  let content = text;
  for (const one of attachments) {
    if (one.type === 'image') images.push({ url: one.url });
    else content += inlined(one.name, one.content);
  }
  return { input: { items: [{ role: 'user', content, ...(images.length > 0 && { images }) }] } };
}
