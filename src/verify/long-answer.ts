const WORDS = 'the answer goes on über Brücken 😀 und weiter 東京 through every fault, "quoted" \\ and 👩‍👩‍👧‍👦 whole'.split(
  ' ',
);

/** An answer of so many words that no other `number` has, with characters of one to four bytes. */
export function longAnswer(words: number, number: number): string {
  const list = Array.from({ length: words }, (_, i) =>
    i % 10 === 0 ? `${number}/${i}` : WORDS[(i + number) % WORDS.length]!,
  );
  return list.join(' ');
}
