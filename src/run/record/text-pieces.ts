/** Longest text of one record, in UTF-16 units; it bounds a frame on every transport. */
const MAX_PIECE = 4096;

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** The text as every store and transport can carry it: no lone surrogates, no U+0000. */
export function portable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** Cuts text into pieces for records. A high surrogate at a border goes to the piece of its partner. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + MAX_PIECE, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** Splits off a trailing high surrogate, which has to wait for its partner. */
export function splitTrailingSurrogate(text: string): [ready: string, waiting: string] {
  return isHighSurrogate(text.charCodeAt(text.length - 1)) ? [text.slice(0, -1), text.slice(-1)] : [text, ''];
}
