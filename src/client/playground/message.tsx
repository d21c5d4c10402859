import { useState } from 'preact/hooks';
import type { HistoryMessage, ToolApproval, ToolStep } from '../talksy-client.js';
import type { Chat, Figures, Writing } from './chat.js';
import { toHtml } from './markdown.js';

/** A message as it is stored, and what can be done with it. */
export function Message({ chat, message }: { chat: Chat; message: HistoryMessage }) {
  const [isEditing, setEditing] = useState(false);
  const { id, role, content, status, attachments = [] } = message;
  const isBusy = chat.writing !== undefined;
  const edit = (text: string): void => {
    setEditing(false);
    void chat.send(text, [], message.parentId ?? null);
  };
  return (
    <article class="message" data-role={role} aria-label={role === 'user' ? 'You' : 'Assistant'}>
      <Steps steps={chat.steps.get(id) ?? []} />
      {isEditing ? <Editor text={content} onSave={edit} onCancel={() => setEditing(false)} /> : <Text {...message} />}
      {attachments.length > 0 && <p class="hint">{attachments.map(({ name, type }) => name ?? type).join(', ')}</p>}
      {status !== 'complete' && status !== 'streaming' && <p class="badge">{status}</p>}
      <footer>
        <Branches chat={chat} message={message} />
        {role === 'user' && id !== 'asked' && (
          <button class="plain" disabled={isBusy} onClick={() => setEditing(!isEditing)}>
            Edit
          </button>
        )}
        {role === 'assistant' && (
          <button class="plain" disabled={isBusy} onClick={() => void chat.regenerate(message)}>
            Regenerate
          </button>
        )}
        {id !== 'asked' && (
          <button class="plain" disabled={isBusy} onClick={() => void chat.fork(message)}>
            Fork
          </button>
        )}
        <FiguresLine figures={chat.figures.get(id)} />
      </footer>
    </article>
  );
}

/** An answer that is being written. */
export function AnswerInProgress({ chat, writing }: { chat: Chat; writing: Writing }) {
  const { text, steps, approvals, figures } = writing;
  return (
    <article class="message writing" data-role="assistant" aria-label="Assistant" aria-busy="true">
      <Steps steps={steps} />
      {approvals.map((approval) => (
        <Approval key={approval.callId} chat={chat} approval={approval} />
      ))}
      {text ? <Text role="assistant" content={text} /> : <p class="thinking">thinking…</p>}
      <footer>
        <button onClick={() => chat.stop()}>Stop</button>
        <FiguresLine figures={figures} />
      </footer>
    </article>
  );
}

function Text({ role, content }: { role: string; content: string }) {
  if (role === 'user') return <p class="said">{content}</p>;
  return <div class="said" dangerouslySetInnerHTML={{ __html: toHtml(content) }} />;
}

function Editor({ text, onSave, onCancel }: { text: string; onSave: (text: string) => void; onCancel: () => void }) {
  const [draft, setDraft] = useState(text);
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(draft);
      }}
    >
      <textarea aria-label="Edit message" value={draft} onInput={(event) => setDraft(event.currentTarget.value)} />
      <div class="buttons">
        <button class="primary">Send as a new branch</button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Branches({ chat, message: { siblingIds, branchIndex = 0 } }: { chat: Chat; message: HistoryMessage }) {
  if (!siblingIds) return null;
  const step = (by: number) => {
    const target = siblingIds[branchIndex + by];
    const label = by < 0 ? 'Previous branch' : 'Next branch';
    return (
      <button
        class="plain"
        aria-label={label}
        disabled={!target || chat.writing !== undefined}
        onClick={() => target && void chat.switchTo(target)}
      >
        {by < 0 ? '‹' : '›'}
      </button>
    );
  };
  return (
    <span class="branches">
      {step(-1)} {branchIndex + 1}/{siblingIds.length} {step(1)}
    </span>
  );
}

function Steps({ steps }: { steps: readonly ToolStep[] }) {
  if (steps.length === 0) return null;
  return (
    <ul class="steps" aria-label="Tool calls">
      {steps.map((step) => (
        <li key={`${step.kind}-${idOf(step)}`}>{lineOf(step)}</li>
      ))}
    </ul>
  );
}

const idOf = (step: ToolStep): string =>
  step.kind === 'call' ? step.call.callId : step.kind === 'returned' ? step.returned.callId : step.approval.callId;

function lineOf(step: ToolStep): string {
  if (step.kind === 'call') return `→ ${step.call.toolName} ${JSON.stringify(step.call.parameters)}`;
  if (step.kind !== 'returned') return `? ${step.approval.toolName}`;
  const { toolName, result, executionTimeMs } = step.returned;
  const told = result.success ? JSON.stringify(result.data) : result.error.message;
  return `← ${toolName} ${told} (${executionTimeMs} ms)`;
}

function Approval({ chat, approval }: { chat: Chat; approval: ToolApproval }) {
  const { toolName, parameters } = approval;
  return (
    <div class="approval" role="group" aria-label={`Approval of ${toolName}`}>
      <p>
        The model wants to call <code>{toolName}</code> with <code>{JSON.stringify(parameters)}</code>.
      </p>
      <div class="buttons">
        <button class="primary" onClick={() => void chat.decide(approval, true)}>
          Allow
        </button>
        <button onClick={() => void chat.decide(approval, false)}>Deny</button>
      </div>
    </div>
  );
}

function FiguresLine({ figures }: { figures: Figures | undefined }) {
  if (!figures) return null;
  const { firstTokenMs, tokensPerSecond, tokens, model, reason } = figures;
  const facts = [
    firstTokenMs !== undefined && `first token ${firstTokenMs} ms`,
    tokensPerSecond !== undefined && `${tokensPerSecond} tokens/s`,
    tokens !== undefined && `${tokens} tokens`,
    model,
    reason !== 'stop' && reason,
  ];
  return <span class="figures">{facts.filter(Boolean).join(' · ')}</span>;
}
