import { Injectable } from '@nestjs/common';
import { ModelRouter } from '../../../ai/model-router.service.js';
import { TalksyError } from '../../../common/errors/talksy-error.js';
import { newRowId } from '../../../common/ids.js';
import type { ModelMessage } from '../../../common/model-message.js';
import { withInstructions } from '../../../conversation/model-view.js';
import { AskedQuestions } from '../../../run/asked-questions.service.js';
import { type RunChain, RunReader } from '../../../run/run-reader.service.js';
import { RunStarter, type StartedRun } from '../../../run/run-starter.service.js';
import type { Run } from '../../../run/run.js';
import { invalid } from '../request-parts.js';
import type { OpenedResponse } from './opened-response.js';
import { echoOf, type ResponseEcho } from './response-echo.js';
import type { ResponseHead } from './response-fold.js';
import { runIdOf } from './response-id.js';
import type { ResponseRequest } from './response-request.js';

/** A response as it was stored: its run, what it was asked, and how to read it. */
export interface StoredResponse extends OpenedResponse {
  run: Run;
  /** The run that goes on with it where it was interrupted, else the same. */
  last: Run;
  items: readonly ModelMessage[];
}

/**
 * Responses: runs of conversations whose questions bring along what models read of them and how they are answered. What
 * is not to be stored is a run without a conversation.
 */
@Injectable()
export class Responses {
  constructor(
    private readonly starter: RunStarter,
    private readonly reader: RunReader,
    private readonly questions: AskedQuestions,
    private readonly router: ModelRouter,
  ) {}

  /**
   * Begins a response that is kept. Throws what RunStarter throws, and VALIDATION_ERROR where what it goes on with is
   * unknown.
   */
  async begin(request: ResponseRequest, userId: string): Promise<OpenedResponse> {
    const { model, items, wishes, ownTools: tools, echo, conversationId, previousResponseId } = request;
    const previous = previousResponseId ? await this.previous(previousResponseId, userId) : undefined;
    const known = previous?.conversationId ?? conversationId;
    const { run }: StartedRun = await this.starter.start({
      userId,
      text: textOf(items),
      conversation: known ? { id: known, createIfMissing: false } : { id: newRowId(), createIfMissing: true },
      input: { items, wishes, echo },
      tools,
      ...(previous && { parentId: previous.messageId! }),
      ...(model && { model }),
    });
    return { source: await this.reader.open(run.id, userId), head: this.headOf(run, echo, wishes.tools) };
  }

  /** Begins one of which nothing is kept; `before` is what it goes on with. Throws as `begin` does. */
  async beginUnstored(
    request: ResponseRequest,
    userId: string,
    before?: readonly ModelMessage[],
  ): Promise<OpenedResponse> {
    const { model, items, ownTools: tools, echo, wishes, previousResponseId } = request;
    const { instructions, ...rest } = wishes;
    const said = before ?? (previousResponseId ? await this.messagesTo(previousResponseId, userId) : []);
    const prompt = { ...rest, messages: withInstructions(instructions, [...said, ...items]) };
    const run = await this.starter.startStateless({ userId, prompt, tools, ...(model && { model }) });
    return { source: await this.reader.open(run.id, userId), head: this.headOf(run, echo, wishes.tools) };
  }

  /** A response that was stored; every answer of a conversation is one, whatever way it was asked for. Throws RUN_NOT_FOUND. */
  async find(responseId: string, userId: string): Promise<StoredResponse> {
    const chain = await this.chainOf(responseId, userId);
    const [run] = chain ?? [];
    if (!chain || !run?.userMessageId || !run.messageId) throw unknownResponse(responseId);
    const { input = {} } = await this.questions.settingsOf(run.userMessageId);
    if (input.erased) throw unknownResponse(responseId);
    const head = this.headOf(run, (input.echo as ResponseEcho | undefined) ?? UNSAID, input.wishes?.tools);
    const last = chain.at(-1)!;
    const endedAt = last.endedAt && { endedAt: secondsOf(last.endedAt) };
    const source = await this.reader.openChain(chain, userId);
    return { run, last, items: input.items ?? [], source, head: { ...head, ...endedAt } };
  }

  /** What was said up to the end of a response. Throws VALIDATION_ERROR where it is unknown. */
  async messagesTo(responseId: string, userId: string): Promise<ModelMessage[]> {
    return this.questions.messagesTo((await this.previous(responseId, userId)).messageId!);
  }

  /** The model that answers where the request names none. */
  modelOf(requested?: string): string {
    return this.router.resolve(requested).id;
  }

  private async previous(responseId: string, userId: string): Promise<Run> {
    const last = (await this.chainOf(responseId, userId))?.at(-1);
    if (last?.messageId && last.conversationId) return last;
    throw invalid({ path: ['previous_response_id'], message: `Previous response with id '${responseId}' not found.` });
  }

  private async chainOf(responseId: string, userId: string): Promise<RunChain | undefined> {
    const runId = runIdOf(responseId);
    if (!runId) return undefined;
    return this.reader.requireChain(runId, userId).catch((error: unknown) => {
      if (error instanceof TalksyError && error.code === 'RUN_NOT_FOUND') return undefined;
      throw error;
    });
  }

  private headOf(run: Run, echo: ResponseEcho, tools: readonly { name: string }[] = []): ResponseHead {
    return {
      runId: run.id,
      model: run.requestedModel ?? this.modelOf(),
      createdAt: secondsOf(run.createdAt),
      ...(run.conversationId && { conversationId: run.conversationId }),
      callersTools: new Set(tools.map(({ name }) => name)),
      echo,
    };
  }
}

/** Of an answer that was asked for in another way. */
const UNSAID = echoOf({}, []);

/** An unknown response and somebody else's look alike. */
const unknownResponse = (id: string): TalksyError =>
  new TalksyError('RUN_NOT_FOUND', `Response with id '${id}' not found.`);

const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);

/** What people see of the question: what the user says in it, or else what came back of calls. */
function textOf(items: readonly ModelMessage[]): string {
  const said = items.filter(({ role }) => role === 'user');
  const shown = said.length > 0 ? said : items;
  return shown.map(({ content }) => content).join('\n\n');
}
