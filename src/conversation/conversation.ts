/** A durable conversation; its messages form a tree whose current branch ends at `activeLeafId`. */
export interface Conversation {
  id: string;
  userId: string;
  title: string | undefined;
  activeLeafId: string | undefined;
  /** Messages on the current branch. */
  messageCount: number;
  createdAt: Date;
  updatedAt: Date;
}
