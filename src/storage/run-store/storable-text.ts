/**
 * A model's text as PostgreSQL can keep it: U+0000 and halves of surrogate pairs become U+FFFD. Each replacement is one
 * UTF-16 unit long, so chunk ends stay true, and one odd answer does not spoil the checkpoint of all others.
 */
export const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();
