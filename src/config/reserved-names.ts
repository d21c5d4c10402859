/**
 * Variables that a later version will read. They change nothing yet, but who sets one has not misspelt another.
 * Whoever implements one moves it into its group.
 */
export const RESERVED_NAMES: readonly string[] = ['CONVERSATION_TITLES'];
