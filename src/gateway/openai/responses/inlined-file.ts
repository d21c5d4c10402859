import { inlined } from '../../../run/attachments.js';

const DATA_URL = /^data:[^,]*;base64,/;

/** A file given as base64 or as a `data:` URL, as models read it; undefined where it is no text in UTF-8. */
export function inlinedFile(name: string, data: string): string | undefined {
  const bytes = Buffer.from(data.replace(DATA_URL, ''), 'base64');
  try {
    const content = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return content.includes('\0') ? undefined : inlined(name, content);
  } catch {
    return undefined;
  }
}
