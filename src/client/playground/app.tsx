import { useState } from 'preact/hooks';
import type { Chat } from './chat.js';
import { Composer } from './composer.js';
import { EventLogPane } from './event-log-pane.js';
import { Messages } from './messages.js';
import type { Pane } from './pane.js';
import type { Session } from './session.js';
import { Sidebar } from './sidebar.js';
import { SignIn } from './sign-in.js';
import { useStore } from './store.js';
import { TopBar } from './top-bar.js';

/** The whole page. */
export function App({ session }: { session: Session }) {
  const { chat } = useStore(session);
  return chat ? <Workspace session={session} chat={chat} /> : <SignIn session={session} />;
}

function Workspace({ session, chat }: { session: Session; chat: Chat }) {
  // On narrow screens one pane is over the chat at a time; wide ones show them beside it.
  const [pane, setPane] = useState<Pane>();
  useStore(chat);
  const leave = (): void => setPane(undefined);
  return (
    <div class="workspace" data-pane={pane ?? 'chat'} onKeyDown={(event) => event.key === 'Escape' && leave()}>
      <TopBar session={session} chat={chat} pane={pane} onPane={setPane} />
      <Sidebar chat={chat} onChosen={leave} />
      <main class="chat" aria-label="Conversation">
        <Messages chat={chat} />
        {chat.error && (
          <p class="problem" role="alert">
            {chat.error}
          </p>
        )}
        <Composer chat={chat} />
      </main>
      <EventLogPane log={session.log} />
    </div>
  );
}
