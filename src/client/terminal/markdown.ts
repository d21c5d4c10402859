import { Marked, type MarkedExtension, type Tokens } from 'marked';
import { markedTerminal } from 'marked-terminal';

/** The renderer leaves what stands in list items as it was written; this one looks into them. */
const INNER_TEXT: MarkedExtension = {
  renderer: {
    text(token: Tokens.Text | Tokens.Escape | Tokens.Tag): string | false {
      const { tokens } = token as Tokens.Text;
      return tokens ? this.parser.parseInline(tokens) : false;
    },
  },
};

/** Renders Markdown for a terminal of so many columns. The text must hold no control characters. */
export function terminalMarkdown(columns: number): (text: string) => string {
  const width = Math.min(columns, 100);
  const marked = new Marked(markedTerminal({ reflowText: false, showSectionPrefix: false, tab: 2, width }), INNER_TEXT);
  return (text) => `${(marked.parse(text, { async: false }) as string).trimEnd()}\n`;
}

/** What may go on with the block above it: a list, or a line that is indented. */
const GOES_ON = /^([-*+] |\d+[.)]|\s)/;
/** As much as it takes to see that. */
const LOOK_AHEAD = 4;
const FENCE = /^(```|~~~)/gm;

/** Cuts Markdown that comes piece by piece into blocks that can be rendered by themselves. */
export class MarkdownBlocks {
  private rest = '';

  /** Takes a piece; the whole blocks that it completes, as one text, or an empty one. */
  take(piece: string): string {
    this.rest += piece;
    let end = 0;
    for (let at = this.rest.indexOf('\n\n'); at >= 0; at = this.rest.indexOf('\n\n', at + 2)) {
      const next = this.rest.slice(at + 2, at + 2 + LOOK_AHEAD);
      if (next.length < LOOK_AHEAD) break;
      const fences = this.rest.slice(0, at).match(FENCE)?.length ?? 0;
      if (fences % 2 === 0 && !GOES_ON.test(next)) end = at + 2;
    }
    const whole = this.rest.slice(0, end);
    this.rest = this.rest.slice(end);
    return whole;
  }

  /** What is left at the end. */
  finish(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }
}
