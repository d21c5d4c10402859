import type { TalksyError } from '../../common/errors/talksy-error.js';
import { summarizeError } from '../../common/errors/talksy-error.js';
import type { TokenUsage } from '../../common/token-usage.js';
import { isTerminal, type RecordOf, type RunRecord, type TerminalRecord } from '../../run/run-event.js';
import { toOpenAiError } from './openai-error.js';

/** What every chunk of a completion has in common. */
export interface CompletionHead {
  runId: string;
  model: string;
  /** Seconds since the epoch. */
  created: number;
  /** Functions of the caller: calls of other tools are not the caller's business. */
  callersTools: ReadonlySet<string>;
  includeUsage: boolean;
}

const DONE = 'data: [DONE]\n\n';

/** A run's log as the chunks of a streamed chat completion. */
export class ChatCompletionChunks {
  private readonly before: string;
  private readonly behind: string;
  private calls = 0;

  constructor(private readonly head: CompletionHead) {
    const { runId, created, model } = head;
    const common = { id: completionId(runId), object: 'chat.completion.chunk', created, model };
    this.before = `data: ${JSON.stringify(common).slice(0, -1)},"choices":[{"index":0,"delta":`;
    this.behind = head.includeUsage ? ',"usage":null}\n\n' : '}\n\n';
  }

  framesOf(record: RunRecord): string {
    if (record.type === 'text.delta') return this.chunk(`{"content":${JSON.stringify(record.data.text)}}`);
    if (record.type === 'run.started') return this.chunk('{"role":"assistant","content":""}');
    if (record.type === 'tool.called') return this.callFrame(record);
    return isTerminal(record) ? this.endFrames(record) : '';
  }

  errorFrames(error: TalksyError): string {
    return `data: ${JSON.stringify(toOpenAiError({ ...summarizeError(error), requestId: '' }).body)}\n\n`;
  }

  private callFrame({ data }: RecordOf<'tool.called'>): string {
    if (!this.head.callersTools.has(data.toolName)) return '';
    const index = this.calls++;
    return this.chunk(JSON.stringify({ tool_calls: [{ index, ...callOf(data) }] }));
  }

  private endFrames({ data }: TerminalRecord): string {
    if (data.error) {
      const { body } = toOpenAiError({ ...data.error, requestId: '' });
      return `data: ${JSON.stringify(body)}\n\n${DONE}`;
    }
    const end = this.chunk('{}', finishReasonOf(data.finishReason));
    return `${end}${this.head.includeUsage ? this.usageFrame(data.usage) : ''}${DONE}`;
  }

  private usageFrame(usage: TokenUsage): string {
    const { runId, created, model } = this.head;
    const common = { id: completionId(runId), object: 'chat.completion.chunk', created, model };
    return `data: ${JSON.stringify({ ...common, choices: [], usage: usageOf(usage) })}\n\n`;
  }

  private chunk(delta: string, reason: string | null = null): string {
    return `${this.before}${delta},"logprobs":null,"finish_reason":${JSON.stringify(reason)}}]${this.behind}`;
  }
}

/** A run's log as one chat completion. Feed it every record. */
export class WholeChatCompletion {
  private text = '';
  private readonly calls: object[] = [];

  constructor(private readonly head: CompletionHead) {}

  apply(record: RunRecord): void {
    if (record.type === 'text.delta') this.text += record.data.text;
    else if (record.type === 'tool.called' && this.head.callersTools.has(record.data.toolName))
      this.calls.push(callOf(record.data));
  }

  /** The body, once every record was applied. */
  body({ data }: TerminalRecord): object {
    const { runId, created, model } = this.head;
    const isCall = this.calls.length > 0;
    const content = isCall && this.text === '' ? null : this.text;
    const message = { role: 'assistant', content, refusal: null, ...(isCall && { tool_calls: this.calls }) };
    const choice = { index: 0, message, logprobs: null, finish_reason: finishReasonOf(data.finishReason) };
    const common = { id: completionId(runId), object: 'chat.completion', created, model };
    return { ...common, choices: [choice], usage: usageOf(data.usage) };
  }
}

const completionId = (runId: string): string => `chatcmpl-${runId}`;

const callOf = ({ callId, toolName, arguments: text }: RecordOf<'tool.called'>['data']) => ({
  id: callId,
  type: 'function',
  function: { name: toolName, arguments: text },
});

/** A run that was stopped ends as one that had nothing more to say. */
const finishReasonOf = (reason: string): string => (reason === 'cancelled' ? 'stop' : reason);

const usageOf = ({ promptTokens, completionTokens, totalTokens }: TokenUsage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: totalTokens,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
});
