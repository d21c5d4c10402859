import { useEffect, useRef } from 'preact/hooks';
import type { Chat } from './chat.js';
import { AnswerInProgress, Message } from './message.js';

const SUGGESTIONS = [
  'Tell me how you keep answers from getting lost.',
  'What is 17*23?',
  'My code word: heron. Remember it.',
];

/** The current branch, and what is being written at its end. */
export function Messages({ chat }: { chat: Chat }) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const { messages, writing } = chat;
  useEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  });
  const noteScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: { currentTarget: HTMLElement }) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 60;
  };
  return (
    <div class="messages" ref={box} onScroll={noteScroll} role="log" aria-label="Messages" tabIndex={0}>
      {messages.length === 0 && !writing && <Welcome chat={chat} />}
      {messages.map((message) => (
        <Message key={message.id} chat={chat} message={message} />
      ))}
      {writing && <AnswerInProgress chat={chat} writing={writing} />}
    </div>
  );
}

function Welcome({ chat }: { chat: Chat }) {
  return (
    <section class="welcome">
      <h2>Say something, then cut the connection</h2>
      <p>
        Every answer is a numbered log of events on the server. Reload, cut, or come back on another device: it goes on
        at the exact word.
      </p>
      <div class="buttons">
        {SUGGESTIONS.map((text) => (
          <button key={text} onClick={() => void chat.send(text, [])}>
            {text}
          </button>
        ))}
      </div>
    </section>
  );
}
