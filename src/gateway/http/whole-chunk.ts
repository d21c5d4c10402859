import type { ServerResponse } from 'node:http';

/** What may wait here for a slow reader before that reader is told to pause. */
const MAX_BYTES = 16 * 1024;

/**
 * Writes text as one chunk of a body (RFC 9112, 7.1) to the connection itself, in one piece, where Node would write its
 * size, itself and two line ends one by one. False where it must go Node's way: the body does not go in chunks, its head is
 * not out, something waits that must go first, or it is large, and would wait uncounted.
 */
export function writeWhole(response: ServerResponse, text: string): boolean {
  const { socket, chunkedEncoding, headersSent, writableEnded, writableLength } = response;
  if (!socket || !chunkedEncoding || !headersSent || writableEnded || writableLength > 0) return false;
  const bytes = Buffer.byteLength(text);
  if (bytes === 0 || bytes > MAX_BYTES) return false;
  socket.write(`${bytes.toString(16)}\r\n${text}\r\n`, bytes === text.length ? 'latin1' : 'utf8');
  return true;
}
