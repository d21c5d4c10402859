// An unmodified `useChat` as a page of its own; bundled for the browser by the test that opens it.
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';

const { api, token, id } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const headers = { Authorization: `Bearer ${token}` };

const textOf = ({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

function Chat({ messages }) {
  const transport = new DefaultChatTransport({ api, headers });
  const chat = useChat({ id, messages, resume: messages.length > 0, transport });
  const [draft, setDraft] = useState('');
  const send = (event) => {
    event.preventDefault();
    void chat.sendMessage({ text: draft });
    setDraft('');
  };
  return createElement(
    'main',
    { 'data-status': chat.status },
    chat.messages.map((message) =>
      createElement('p', { key: message.id, 'data-role': message.role, 'data-id': message.id }, textOf(message)),
    ),
    createElement(
      'form',
      { onSubmit: send },
      createElement('input', { value: draft, onChange: (event) => setDraft(event.target.value) }),
    ),
  );
}

const stored = await fetch(`${api}/${id}/messages`, { headers });
const messages = stored.ok ? await stored.json() : [];
// What is still being written comes by the stream, from its beginning.
const ended = messages.filter(({ parts }) => !parts.some(({ state }) => state === 'streaming') && parts.length > 0);
createRoot(document.querySelector('div')).render(createElement(Chat, { messages: ended }));
