import { TalksyError } from '../../common/errors/talksy-error.js';

/** What a model is given of a page. */
const MAX_BYTES = 32_768;
const TEXTUAL = /^(text\/|application\/(json|xml|javascript|xhtml\+xml|[\w.-]+\+(json|xml))\b)/i;

/** The beginning of the body as text; nothing of what is no text. Throws TOOL_FAILED where it breaks off. */
export async function readText(
  body: AsyncIterable<Uint8Array> & { destroy(): unknown },
  contentType: string,
): Promise<{ body?: string; truncated?: boolean }> {
  if (contentType !== '' && !TEXTUAL.test(contentType)) {
    body.destroy();
    return {};
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) break;
    }
  } catch (error) {
    throw new TalksyError('TOOL_FAILED', 'The page broke off while it was read.', { cause: error });
  }
  body.destroy();
  const text = decoderFor(contentType).decode(Buffer.concat(chunks).subarray(0, MAX_BYTES), { stream: true });
  return { body: text, truncated: size > MAX_BYTES };
}

/** Whatever the page says it is, and UTF-8 where nobody knows that. */
function decoderFor(contentType: string): InstanceType<typeof TextDecoder> {
  const [, label = 'utf-8'] = /charset="?([\w.:-]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}
