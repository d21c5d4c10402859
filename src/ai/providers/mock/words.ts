/** The text cut into words, each with the blanks before it; joined they are the text again, byte for byte. */
export function wordPieces(text: string): string[] {
  const pieces = text.split(/(?<=\S)(?=\s)/);
  if (pieces.length > 1 && pieces.at(-1)!.trim() === '') pieces.splice(-2, 2, pieces.slice(-2).join(''));
  return text === '' ? [] : pieces;
}

/** How many words a text has. */
export const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;
