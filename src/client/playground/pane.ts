/** What lies over the chat on narrow screens. */
export type Pane = 'conversations' | 'log' | undefined;
