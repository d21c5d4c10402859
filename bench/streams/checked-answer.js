import { question, tokensOf } from './answer-text.js';
import { clockMs } from './clock.js';

const LIMIT_MS = 60_000;

/**
 * Has one client asked one question; resolves with when each token had come. Rejects where the text is not, to the
 * letter, what the upstream said.
 */
export async function answerOnce(client, asked, onTokens) {
  const tokens = tokensOf(asked.seed, asked.count);
  const cameAt = new Float64Array(asked.count);
  let text = '';
  let tokensIn = 0;
  let nextEnd = tokens[0].length;
  const take = (more) => {
    text += more;
    const now = clockMs();
    const before = tokensIn;
    while (tokensIn < tokens.length && text.length >= nextEnd) {
      cameAt[tokensIn++] = now;
      nextEnd += tokens[tokensIn]?.length ?? 0;
    }
    onTokens(tokensIn - before);
  };
  const askedAt = clockMs();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`answer ${asked.seed} did not end; it has ${text.length} units`)),
      LIMIT_MS,
    );
  });
  await Promise.race([client.stream(question(asked), take), late]).finally(() => clearTimeout(timer));
  if (text !== tokens.join('')) throw new Error(`answer ${asked.seed} came with another text: ${text.slice(0, 200)}…`);
  return { seed: asked.seed, askedAt, cameAt };
}
