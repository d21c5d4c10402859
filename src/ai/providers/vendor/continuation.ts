import { TalksyError } from '../../../common/errors/talksy-error.js';

/** How much of the new text is held back to see how it joins the old. */
const HELD_UNITS = 200;
/** Repeats shorter than this may be chance; at the start of a word less is proof enough. */
const SURE_UNITS = 12;
const WORD_UNITS = 4;
/** A new text that has so much in common with the beginning of the old one starts it over. */
const START_OVER_UNITS = 32;

/** Joins a new answer to the partial one it goes on behind; with an empty one all text passes as it comes. */
export class Continuation {
  private held = '';
  private joined: boolean;

  constructor(private readonly prior: string) {
    this.joined = prior === '';
  }

  /** The text to show now. Throws PROVIDER_ERROR where the model starts the answer over. */
  take(text: string): string {
    if (this.joined) return text;
    this.held += text;
    return this.held.length < HELD_UNITS ? '' : this.rest();
  }

  /** What is held, without what repeats the end of the partial answer. */
  rest(): string {
    if (this.joined) return '';
    this.joined = true;
    const text = this.held.slice(overlap(this.prior, this.held));
    if (text.length === this.held.length && startsOver(this.prior, text)) {
      throw new TalksyError('PROVIDER_ERROR', 'The AI provider began the answer again instead of going on with it.');
    }
    return text;
  }
}

/** How many units at the start of `next` repeat the end of `prior`. */
function overlap(prior: string, next: string): number {
  for (let units = Math.min(prior.length, next.length); units >= WORD_UNITS; units--) {
    if (!prior.endsWith(next.slice(0, units))) continue;
    const before = prior.at(-units - 1) ?? ' ';
    if (units >= SURE_UNITS || /\s/.test(before) || /^\s/.test(next)) return units;
  }
  return 0;
}

function startsOver(prior: string, next: string): boolean {
  return next.length >= START_OVER_UNITS && prior.startsWith(next.slice(0, START_OVER_UNITS));
}
