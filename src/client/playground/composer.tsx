import { useRef, useState } from 'preact/hooks';
import type { Attachment } from '../talksy-client.js';
import type { Chat } from './chat.js';

/** Where a message is written. */
export function Composer({ chat }: { chat: Chat }) {
  const [text, setText] = useState('');
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const files = useRef<HTMLInputElement>(null);
  const isBusy = chat.writing !== undefined;
  const send = (): void => {
    if (isBusy || text.trim() === '') return;
    void chat.send(text, attachments);
    setText('');
    setAttachments([]);
  };
  const attach = async (chosen: FileList | null): Promise<void> => {
    const read = await Promise.all([...(chosen ?? [])].map(attachmentOf));
    setAttachments([...attachments, ...read]);
    if (files.current) files.current.value = '';
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {attachments.length > 0 && (
        <ul class="attached" aria-label="Attachments">
          {attachments.map((one, at) => (
            <li key={at}>
              {one.name ?? one.type}{' '}
              <button
                type="button"
                class="plain"
                aria-label={`Remove ${one.name ?? one.type}`}
                onClick={() => setAttachments(attachments.toSpliced(at, 1))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <textarea
        aria-label="Message"
        placeholder="Write a message. Enter sends, Shift+Enter breaks the line."
        rows={2}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <div class="buttons">
        <label class="button">
          Attach
          <input
            ref={files}
            class="hidden"
            type="file"
            multiple
            onChange={(event) => void attach(event.currentTarget.files)}
          />
        </label>
        {isBusy ? (
          <button type="button" onClick={() => chat.stop()}>
            Stop
          </button>
        ) : (
          <button class="primary" disabled={text.trim() === ''}>
            Send
          </button>
        )}
      </div>
    </form>
  );
}

/** Pictures go as data, of other files the text. */
async function attachmentOf(file: File): Promise<Attachment> {
  const { name } = file;
  if (!file.type.startsWith('image/')) return { type: 'file', name, content: await file.text() };
  const reader = new FileReader();
  const read = new Promise((resolve) => reader.addEventListener('load', resolve, { once: true }));
  reader.readAsDataURL(file);
  await read;
  return { type: 'image', name, url: String(reader.result) };
}
