import { useEffect, useState } from 'preact/hooks';
import type { Chat } from './chat.js';
import type { Pane } from './pane.js';
import type { Session } from './session.js';

interface TopBarProps {
  session: Session;
  chat: Chat;
  pane: Pane;
  onPane: (pane: Pane) => void;
}

/** Where the page is connected to, and the switches. */
export function TopBar({ session, chat, pane, onPane }: TopBarProps) {
  const toggle = (which: Pane) => () => onPane(pane === which ? undefined : which);
  return (
    <header class="top-bar">
      <button class="narrow-only" aria-expanded={pane === 'conversations'} onClick={toggle('conversations')}>
        Chats
      </button>
      <h1>
        <img src="/playground/icon.svg" alt="" width="22" height="22" /> Talksy
      </h1>
      <p class="connection" role="status" data-up={chat.isUp}>
        {chat.isUp ? 'connected' : 'reconnecting…'}
        {chat.node && <span title={chat.node}> to node {chat.node.slice(0, 8)}</span>}
      </p>
      <div class="buttons">
        <button onClick={() => chat.talksy.cut()} title="Closes the websocket as a lost network would">
          Cut the connection
        </button>
        <ThemeSwitch />
        <button class="narrow-only" aria-expanded={pane === 'log'} onClick={toggle('log')}>
          Events
        </button>
        <button onClick={() => session.signOut()}>Sign out</button>
      </div>
    </header>
  );
}

const THEME = 'talksy-playground-theme';

function ThemeSwitch() {
  const [isDark, setDark] = useState(() => {
    const kept = localStorage.getItem(THEME);
    return kept ? kept === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  });
  useEffect(() => {
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  }, [isDark]);
  const flip = (): void => {
    localStorage.setItem(THEME, isDark ? 'light' : 'dark');
    setDark(!isDark);
  };
  return (
    <button onClick={flip} aria-pressed={isDark}>
      {isDark ? 'Light' : 'Dark'}
    </button>
  );
}
