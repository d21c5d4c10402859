/** The package has no types of its own. */
declare module 'marked-terminal' {
  import type { MarkedExtension } from 'marked';

  export function markedTerminal(options?: {
    reflowText?: boolean;
    width?: number;
    tab?: number;
    showSectionPrefix?: boolean;
  }): MarkedExtension;
}
