const MAX_TITLE = 50;

/** The title of a conversation that begins with `text`: its first 50 characters, then `...` if there are more. */
export function titleOf(text: string): string {
  const characters = Array.from(text.trim().slice(0, 2 * MAX_TITLE + 2));
  return characters.length > MAX_TITLE ? `${characters.slice(0, MAX_TITLE).join('')}...` : characters.join('');
}
