const DATA_URL = /^data:[^,]*;base64,/;

/** The text that a `data:` URL, or plain base64, holds; undefined where it is no text in UTF-8. */
export function textOfDataUrl(data: string): string | undefined {
  if (data.startsWith('http')) return undefined;
  try {
    const bytes = Buffer.from(data.replace(DATA_URL, ''), 'base64');
    const content = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return content.includes('\0') ? undefined : content;
  } catch {
    return undefined;
  }
}
