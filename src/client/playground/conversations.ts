import type { TalksyClient } from '../talksy-client.js';
import { Store } from './store.js';

export interface ConversationItem {
  id: string;
  title: string;
  updatedAt: string;
}

/** The person's conversations, those that match what they look for. */
export class Conversations extends Store {
  items: ConversationItem[] = [];
  query = '';
  private asked = 0;

  constructor(private readonly talksy: TalksyClient) {
    super();
  }

  async search(query: string): Promise<void> {
    this.query = query;
    this.changed();
    await this.load();
  }

  /** The newest question wins, whichever answer comes last. */
  async load(): Promise<void> {
    const asked = ++this.asked;
    const search = new URLSearchParams({ limit: '50', ...(this.query.trim() && { q: this.query.trim() }) });
    const items = await this.talksy
      .call<ConversationItem[]>('GET', `/api/conversations?${search.toString()}`)
      .catch(() => undefined);
    if (!items || asked !== this.asked) return;
    this.items = items;
    this.changed();
  }

  async remove(id: string): Promise<void> {
    await this.talksy.call('DELETE', `/api/conversations/${encodeURIComponent(id)}`);
    await this.load();
  }
}
