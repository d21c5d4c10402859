import { piecesOf, portable, splitTrailingSurrogate } from './text-pieces.js';

describe('Text pieces', () => {
  it('join to the text, are bounded, and cut no surrogate pair', () => {
    const text = `${'a'.repeat(4095)}${'😀'.repeat(5000)}`;
    const pieces = piecesOf(text);
    expect(pieces.join('')).toBe(text);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(4096);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  });

  it('are none for no text', () => expect(piecesOf('')).toEqual([]));

  it('keep half a pair back until the other half comes', () => {
    expect(splitTrailingSurrogate('ab\ud83d')).toEqual(['ab', '\ud83d']);
    expect(splitTrailingSurrogate('ab😀')).toEqual(['ab😀', '']);
    expect(splitTrailingSurrogate('')).toEqual(['', '']);
  });

  it('hold nothing that a store cannot keep', () => {
    expect(portable('a\0b\ud83dc😀')).toBe('a\ufffdb\ufffdc😀');
  });
});
