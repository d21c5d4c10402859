import type { ModelImage } from '../common/model-message.js';
import type { AttachmentNote } from '../conversation/message.js';
import type { MessageInput } from '../conversation/message-input.js';

/** What comes with a user's message: a picture for models that see, or a file of text. */
export type Attachment =
  { type: 'image'; url: string; name?: string } | { type: 'file'; content: string; name: string };

export const MAX_ATTACHMENTS = 10;
/** Of all files of a message together, in UTF-8. */
export const MAX_FILE_BYTES = 262_144;

/** A file as models read it, within a message. */
export const inlined = (name: string, content: string): string =>
  `\n\n[file: ${name}]\n${content}\n[end of file: ${name}]`;

/** What models read of a message with attachments, and what people are shown of those. */
export function inputWith(text: string, attachments: readonly Attachment[]): MessageInput {
  const images: ModelImage[] = [];
  let content = text;
  for (const one of attachments) {
    if (one.type === 'image') images.push({ url: one.url });
    else content += inlined(one.name, one.content);
  }
  return {
    items: [{ role: 'user', content, ...(images.length > 0 && { images }) }],
    attachments: attachments.map(noteOf),
  };
}

/** Where a picture is in the web its address is shown; one that was sent along is not sent back with every history. */
function noteOf(one: Attachment): AttachmentNote {
  if (one.type === 'file') return { type: 'file', name: one.name, bytes: Buffer.byteLength(one.content) };
  const { name, url } = one;
  return { type: 'image', ...(name && { name }), ...(!url.startsWith('data:') && { url }) };
}
