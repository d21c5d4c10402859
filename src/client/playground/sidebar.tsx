import type { Chat } from './chat.js';
import { useStore } from './store.js';

/** The person's conversations. */
export function Sidebar({ chat, onChosen }: { chat: Chat; onChosen: () => void }) {
  const { items, query } = useStore(chat.conversations);
  const isBusy = chat.writing !== undefined;
  const open = (id: string | undefined) => () => {
    onChosen();
    void chat.open(id);
  };
  return (
    <nav class="sidebar" aria-label="Conversations">
      <button class="primary" onClick={open(undefined)} disabled={isBusy}>
        New conversation
      </button>
      <input
        type="search"
        aria-label="Search conversations"
        placeholder="Search"
        value={query}
        onInput={(event) => void chat.conversations.search(event.currentTarget.value)}
      />
      <ul>
        {items.map(({ id, title }) => (
          <li key={id} data-current={id === chat.talksy.conversationId}>
            <button
              class="plain"
              onClick={open(id)}
              disabled={isBusy}
              aria-current={id === chat.talksy.conversationId ? 'page' : undefined}
            >
              {title || 'Untitled'}
            </button>
            <button
              class="plain delete"
              aria-label={`Delete ${title || 'untitled conversation'}`}
              title="Delete for good"
              disabled={isBusy}
              onClick={() => void chat.remove(id)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {items.length === 0 && <p class="hint">{query ? 'Nothing matches.' : 'Nothing yet.'}</p>}
    </nav>
  );
}
