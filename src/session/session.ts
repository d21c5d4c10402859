/** A connected client's session: a pointer to a conversation, no copy of it. Times are milliseconds since the epoch. */
export interface Session {
  id: string;
  userId: string;
  conversationId: string | undefined;
  /** Ids of the connections that share it now. */
  connections: readonly string[];
  createdAt: number;
  lastActivityAt: number;
  expiresAt: number;
}
