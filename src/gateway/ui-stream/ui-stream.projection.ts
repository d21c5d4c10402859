import type { TalksyError } from '../../common/errors/talksy-error.js';
import { isTerminal, type RecordOf, type RunRecord, type TerminalRecord } from '../../run/run-event.js';

const DONE = 'data: [DONE]\n\n';

/**
 * A run's log as a UI message stream of the AI SDK (version 1 of that protocol). A fold from the first record: the parts
 * of a message and its steps have a beginning and an end, and one chunk that does not fit ends the client's stream.
 */
export class UiMessageChunks {
  private texts = 0;
  private inText = false;
  private inStep = false;
  private openCalls = 0;

  framesOf(record: RunRecord): string {
    return this.chunksOf(record)
      .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
      .join('')
      .concat(isTerminal(record) ? DONE : '');
  }

  errorFrames({ message }: TalksyError): string {
    return `data: ${JSON.stringify({ type: 'error', errorText: message })}\n\n`;
  }

  private chunksOf(record: RunRecord): object[] {
    if (record.type === 'run.started') return [{ type: 'start', messageId: record.data.messageId }];
    if (record.type === 'text.delta') return this.text(record.data.text);
    if (record.type === 'tool.called') return this.call(record);
    if (record.type === 'tool.returned') return this.result(record);
    return isTerminal(record) ? this.end(record) : [];
  }

  private text(delta: string): object[] {
    const before = this.inStep ? [] : this.beginStep();
    if (!this.inText) before.push({ type: 'text-start', id: `text-${++this.texts}` });
    this.inText = true;
    return [...before, { type: 'text-delta', id: `text-${this.texts}`, delta }];
  }

  private call({ data: { callId: toolCallId, toolName, arguments: text } }: RecordOf<'tool.called'>): object[] {
    const before = this.inStep ? this.endText() : this.beginStep();
    this.openCalls++;
    const call = { toolCallId, toolName, dynamic: true, providerExecuted: true };
    return [
      ...before,
      { type: 'tool-input-start', ...call },
      { type: 'tool-input-available', ...call, input: parsed(text) },
    ];
  }

  private result({ data: { callId: toolCallId, result } }: RecordOf<'tool.returned'>): object[] {
    this.openCalls--;
    const call = { toolCallId, dynamic: true, providerExecuted: true };
    const chunk = result.success
      ? { type: 'tool-output-available', ...call, output: result.data }
      : { type: 'tool-output-error', ...call, errorText: result.error.message };
    return this.openCalls === 0 ? [chunk, ...this.endStep()] : [chunk];
  }

  private end({ data: { error, finishReason } }: TerminalRecord): object[] {
    const failure = error ? [{ type: 'error', errorText: error.message }] : [];
    const reason = REASONS[finishReason] ?? 'other';
    return [...this.endStep(), ...failure, { type: 'finish', finishReason: reason }];
  }

  private beginStep(): object[] {
    this.inStep = true;
    return [{ type: 'start-step' }];
  }

  private endStep(): object[] {
    if (!this.inStep) return [];
    this.inStep = false;
    return [...this.endText(), { type: 'finish-step' }];
  }

  private endText(): object[] {
    if (!this.inText) return [];
    this.inText = false;
    return [{ type: 'text-end', id: `text-${this.texts}` }];
  }
}

const REASONS: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  cancelled: 'stop',
  error: 'error',
  interrupted: 'error',
};

/** A model may have written what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
