import { Injectable } from '@nestjs/common';
import type { AnswerPart, AnswerRequest } from '../ai/answer-part.js';
import type { ModelFinishReason } from '../ai/chat-model.port.js';
import type { ModelTool, ModelToolCall } from '../common/model-message.js';
import { ModelRouter } from '../ai/model-router.service.js';
import { AiConfig, RunConfig } from '../config/config.js';
import type { Message } from '../conversation/message.js';
import { AnswerSoFar } from './turn/answer-so-far.js';
import { type CallsToMake, ToolCalls } from './turn/tool-calls.service.js';
import { TurnContext } from './turn/turn-context.service.js';
import { hasCallersCall } from './stateless-prompt.js';
import type { RoundCall } from './tool-round.js';
import type { Turn } from './turn.js';
import type { TakeEvents, TurnEvent } from './turn-event.js';

/** One time that a model is asked. */
interface Step {
  tools: readonly ModelTool[];
  /** No further step may follow: the model must answer now. */
  isLast: boolean;
  calls: ModelToolCall[];
  reason: ModelFinishReason;
}

/** What a model is asked with. */
interface Asking {
  turn: Turn;
  history: readonly Message[];
  soFar: AnswerSoFar;
  step: Step;
}

/**
 * Decides what happens in a turn: context in, model asked, tools called and their results given back until it answers,
 * events out. Writes nothing.
 */
@Injectable()
export class TurnPlayer {
  constructor(
    private readonly router: ModelRouter,
    private readonly context: TurnContext,
    private readonly tools: ToolCalls,
    private readonly ai: AiConfig,
    private readonly config: RunConfig,
  ) {}

  /** Resolves when the turn is over. Rejects with the provider's TalksyError, or when `signal` aborts. */
  async play(asked: Turn, signal: AbortSignal, give: TakeEvents): Promise<ModelFinishReason> {
    const [turn, history] = await Promise.all([this.context.settled(asked), this.context.history(asked)]);
    const offer = await this.offer(turn);
    const soFar = new AnswerSoFar(turn);
    const noted = (events: readonly TurnEvent[]) => {
      for (const event of events) soFar.take(event);
      return give(events);
    };
    const { openCalls } = soFar;
    if (this.areCallers(turn, openCalls)) return 'tool_calls';
    if (openCalls.length > 0) await this.call(turn, { calls: openCalls, inDoubt: true }, signal, noted);
    for (;;) {
      const isLast = soFar.rounds.length >= this.config.maxSteps - 1;
      const step: Step = { tools: offer, isLast, calls: [], reason: 'stop' };
      await this.ask({ turn, history, soFar, step }, signal, noted);
      if (step.reason !== 'tool_calls' || step.calls.length === 0 || (isLast && !turn.prompt?.tools))
        return step.reason;
      await noted(announced(step.calls));
      if (this.areCallers(turn, soFar.openCalls)) return 'tool_calls';
      await this.call(turn, { calls: soFar.openCalls, inDoubt: false }, signal, noted);
    }
  }

  private async call(turn: Turn, calls: CallsToMake, signal: AbortSignal, give: TakeEvents): Promise<void> {
    for await (const events of this.tools.make(turn, calls, signal)) await give(events);
  }

  private async offer(turn: Turn): Promise<ModelTool[]> {
    const { capabilities } = this.router.resolve(turn.requestedModel);
    if (capabilities && !capabilities.includes('tools')) return [...(turn.prompt?.tools ?? [])];
    return [...(await this.tools.offer(turn)), ...(turn.prompt?.tools ?? [])];
  }

  /** Whether the caller has to make one of these calls: then the run is at its end. */
  private areCallers({ prompt }: Turn, calls: readonly RoundCall[]): boolean {
    return hasCallersCall(
      prompt,
      calls.map(({ toolName }) => toolName),
    );
  }

  private async ask({ turn, history, soFar, step }: Asking, signal: AbortSignal, give: TakeEvents): Promise<void> {
    const before = soFar.length;
    const { messages, spent } = await this.context.messages(turn, history, soFar.messages(), signal);
    if (spent) await give([{ type: 'record', event: { type: 'usage', data: spent } }]);
    const request = {
      messages,
      requestId: turn.runId,
      ...stepWishes(turn, step, soFar),
      ...modelWishes(turn, this.ai),
    };
    await this.router.answer(request, signal, (parts) => {
      const events: TurnEvent[] = [];
      for (const part of parts) {
        if (part.type === 'tool-call') step.calls.push(soFar.renamed(part.call));
        else if (part.type === 'finish') step.reason = part.reason;
        const event = eventOf(part, before);
        if (event) events.push(event);
      }
      if (events.length > 0) void give(withSeam(events, soFar));
    });
  }
}

/** What of the tools a step may use. */
function stepWishes({ prompt }: Turn, { tools, isLast }: Step, soFar: AnswerSoFar): Partial<AnswerRequest> {
  if (tools.length === 0) return {};
  // Calls of the caller end the run by themselves: only a loop of our own needs an end.
  if (isLast && !prompt?.tools) return { tools, toolChoice: 'none' };
  const isFirst = soFar.rounds.length === 0;
  return { tools, ...(isFirst && prompt?.toolChoice && { toolChoice: prompt.toolChoice }) };
}

/** What the model is told about the answer; the caller's wishes before the conversation's, and both before the configuration's. */
function modelWishes(turn: Turn, ai: AiConfig): Partial<AnswerRequest> {
  const { requestedModel, answerTokens = Infinity, prompt, settings } = turn;
  const temperature = prompt?.temperature ?? settings?.temperature ?? ai.temperature;
  const maxTokens = Math.min(answerTokens, prompt?.maxTokens ?? ai.maxTokens ?? Infinity);
  return {
    ...(requestedModel && { model: requestedModel }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== Infinity && { maxTokens }),
    ...(prompt?.responseSchema && { responseSchema: prompt.responseSchema }),
  };
}

/** The calls are in the log before any of them is made: whoever takes the run over knows what may have happened. */
function announced(calls: readonly ModelToolCall[]): TurnEvent[] {
  const called = calls.map(({ callId, name: toolName, arguments: text }): TurnEvent => {
    return { type: 'record', event: { type: 'tool.called', data: { callId, toolName, arguments: text } } };
  });
  return [...called, { type: 'log-first' }];
}

function withSeam(events: TurnEvent[], soFar: AnswerSoFar): TurnEvent[] {
  const first = events.findIndex(({ type }) => type === 'text');
  const event = events[first];
  const seam = event?.type === 'text' ? soFar.seamBefore(event.text) : '';
  return seam ? events.toSpliced(first, 0, { type: 'text', text: seam }) : events;
}

/** What a part of the answer is for the log; `before` are the UTF-16 units that stood when the answer began. */
function eventOf(part: AnswerPart, before: number): TurnEvent | undefined {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'usage') return { type: 'record', event: { type: 'usage', data: part.usage } };
  if (part.type !== 'attempt') return undefined;
  const { type: _type, fromChars, ...attempt } = part;
  const data = { ...attempt, fromOffset: before + fromChars };
  return { type: 'record', event: { type: 'attempt.started', data } };
}
