import { useRef, useState } from 'preact/hooks';
import type { Attachment } from '../talksy-client.js';
import type { Chat } from './chat.js';

/** Where a message is written. */
export function Composer({ chat }: { chat: Chat }) {
  const [text, setText] = useState('');
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const isBusy = chat.writing !== undefined;
  const send = (): void => {
    if (isBusy || text.trim() === '') return;
    void chat.send(text, attachments);
    setText('');
    setAttachments([]);
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Attached attachments={attachments} onRemove={(at) => setAttachments(attachments.toSpliced(at, 1))} />
      <Draft text={text} onText={setText} onSend={send} />
      <div class="buttons">
        <AttachButton onChosen={(chosen) => setAttachments([...attachments, ...chosen])} />
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

interface DraftProps {
  text: string;
  onText: (text: string) => void;
  onSend: () => void;
}

function Draft({ text, onText, onSend }: DraftProps) {
  return (
    <textarea
      aria-label="Message"
      placeholder="Write a message. Enter sends, Shift+Enter breaks the line."
      rows={2}
      value={text}
      onInput={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        onSend();
      }}
    />
  );
}

function Attached({ attachments, onRemove }: { attachments: readonly Attachment[]; onRemove: (at: number) => void }) {
  if (attachments.length === 0) return null;
  return (
    <ul class="attached" aria-label="Attachments">
      {attachments.map((one, at) => (
        <li key={at}>
          {one.name ?? one.type}{' '}
          <button
            type="button"
            class="plain"
            aria-label={`Remove ${one.name ?? one.type}`}
            onClick={() => onRemove(at)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

function AttachButton({ onChosen }: { onChosen: (chosen: Attachment[]) => void }) {
  const files = useRef<HTMLInputElement>(null);
  const attach = async (chosen: FileList | null): Promise<void> => {
    onChosen(await Promise.all([...(chosen ?? [])].map(attachmentOf)));
    if (files.current) files.current.value = '';
  };
  return (
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
