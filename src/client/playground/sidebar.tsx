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
          <Item key={id} chat={chat} id={id} title={title || 'Untitled'} onOpen={open(id)} />
        ))}
      </ul>
      {items.length === 0 && <p class="hint">{query ? 'Nothing matches.' : 'Nothing yet.'}</p>}
    </nav>
  );
}

interface ItemProps {
  chat: Chat;
  id: string;
  title: string;
  onOpen: () => void;
}

function Item({ chat, id, title, onOpen }: ItemProps) {
  const isBusy = chat.writing !== undefined;
  const isCurrent = id === chat.talksy.conversationId;
  return (
    <li data-current={isCurrent}>
      <button class="plain" onClick={onOpen} disabled={isBusy} aria-current={isCurrent ? 'page' : undefined}>
        {title}
      </button>
      <button
        class="plain delete"
        aria-label={`Delete ${title}`}
        title="Delete for good"
        disabled={isBusy}
        onClick={() => void chat.remove(id)}
      >
        ×
      </button>
    </li>
  );
}
