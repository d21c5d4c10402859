import { Injectable } from '@nestjs/common';
import { isUuid, newRowId } from '../common/ids.js';
import { noSuchMessage } from '../conversation/conversation-branches.service.js';
import type { MessageInput } from '../conversation/message-input.js';
import type { Message } from '../conversation/message.js';
import { titleOf } from '../conversation/conversation-title.js';
import { type Attachment, inputWith } from './attachments.js';
import { QueuedRuns } from './own/queued-runs.service.js';
import { RunAdmission } from './own/run-admission.service.js';
import { RunOwnership } from './own/run-ownership.service.js';
import type { BusyPolicy, Run } from './run.js';
import { RunRequestRules } from './run-request-rules.service.js';
import { type ClaimResult, type RunClaim, RunStore } from './run-store.port.js';
import type { StatelessPrompt } from './stateless-prompt.js';
import type { Turn } from './turn.js';

/** How an answer is wanted. */
export interface AnswerWishes {
  model?: string;
  /** The tools that may be offered; without it all that the user may use, empty for none. */
  tools?: readonly string[];
  /** What to do when its conversation is being answered; without it what the configuration says. */
  onBusy?: BusyPolicy;
  /** The connection that asks, where it follows the answer in its own way; announced with it. */
  askedBy?: string;
}

/** An answer that has been put on record, as it is announced. */
export interface NewAnswer {
  conversationId: string;
  runId: string;
  userId: string;
  askedBy?: string;
}

/** A question that belongs to no conversation. */
export interface StatelessRequest {
  userId: string;
  prompt: StatelessPrompt;
  model?: string;
  /** Talksy's own tools that may be offered; empty for none. */
  tools: readonly string[];
}

/** A user message that asks for an answer. */
export interface RunRequest extends AnswerWishes {
  userId: string;
  text: string;
  conversation: { id: string; createIfMissing: boolean };
  attachments?: readonly Attachment[];
  /** What the message is beside its text, where the caller says so itself. */
  input?: MessageInput;
  /** The client's own id of the message; the same id never starts a second run. */
  clientMessageId?: string;
  /**
   * The message that this one follows, null for none; without it the end of the current branch. A message with the
   * parent of another one is an edit of it: a branch beside it.
   */
  parentId?: string | null;
}

/** A user message that is there and gets one more answer. */
export interface AgainRequest extends AnswerWishes {
  userId: string;
  conversationId: string;
  questionId: string;
}

type ClaimedMessage = Pick<RunClaim, 'conversation' | 'userMessage' | 'isRegenerated'>;

export interface StartedRun {
  /** False where the message had started a run before. */
  created: boolean;
  run: Run;
}

/** Turns a message into a run: claims it in SQL, then has it played, now or when its turn comes. */
@Injectable()
export class RunStarter {
  /** Claims whose run is not yet on its log; a resend waits for it here. */
  private readonly starting = new Map<string, Promise<unknown>>();
  private readonly listeners: ((answer: NewAnswer) => void)[] = [];

  constructor(
    private readonly store: RunStore,
    private readonly rules: RunRequestRules,
    private readonly queue: QueuedRuns,
    private readonly ownership: RunOwnership,
    private readonly admission: RunAdmission,
  ) {}

  /**
   * Resolves when the run is on record: the new one, or the first one of the same clientMessageId. Throws
   * VALIDATION_ERROR, PAYLOAD_TOO_LARGE, CONVERSATION_NOT_FOUND, NOT_FOUND (the parent), FORBIDDEN, CONFLICT,
   * RUN_IN_PROGRESS, TOKEN_BUDGET_EXCEEDED, SHUTTING_DOWN, OVERLOADED.
   */
  async start(request: RunRequest): Promise<StartedRun> {
    this.rules.check(request);
    const { text, conversation, clientMessageId, parentId, attachments = [] } = request;
    const input = attachments.length > 0 ? inputWith(text, attachments) : request.input;
    if (parentId && !isUuid(parentId)) throw noSuchMessage();
    const content = { content: text, ...(clientMessageId && { clientMessageId }), ...(input && { input }) };
    return this.begin(request, {
      conversation: { ...conversation, title: titleOf(text) },
      userMessage: { id: newRowId(), ...content, ...(parentId !== undefined && { parentId }) },
    });
  }

  /** Resolves when the new run is on record, whose answer stands beside the others. Throws as `start` does. */
  async answerAgain(request: AgainRequest): Promise<StartedRun> {
    this.rules.checkModel(request.model);
    return this.begin(request, {
      conversation: { id: request.conversationId, createIfMissing: false, title: '' },
      userMessage: { id: request.questionId, content: '' },
      isRegenerated: true,
    });
  }

  /** Calls `listener` for each answer in a conversation that begins here. */
  onNewAnswer(listener: (answer: NewAnswer) => void): void {
    this.listeners.push(listener);
  }

  /** Resolves when no message is on its way from the claim to its log: what a shutdown waits for first. */
  async settled(): Promise<void> {
    while (this.starting.size > 0) await Promise.allSettled(this.starting.values());
  }

  private async begin(request: AnswerWishes & { userId: string }, message: ClaimedMessage): Promise<StartedRun> {
    this.admission.admit(this.starting.size);
    const claim = this.claimOf(request, message);
    const starting = this.claimAndLaunch(claim);
    this.starting.set(claim.runId, starting);
    try {
      const result = await starting;
      if (result.created) this.announce(result.run, request);
      else await this.starting.get(result.run.id);
      return result;
    } finally {
      this.starting.delete(claim.runId);
    }
  }

  /** Begins a run that belongs to no conversation. Throws VALIDATION_ERROR, TOKEN_BUDGET_EXCEEDED, SHUTTING_DOWN, OVERLOADED. */
  async startStateless({ userId, prompt, model, tools }: StatelessRequest): Promise<Run> {
    this.admission.admit(this.starting.size);
    const budget = this.rules.budgetOf(model, prompt);
    const runId = newRowId();
    const { owner, holdMs } = this.ownership;
    const wishes = { ...(model && { requestedModel: model }) };
    const claim = { runId, userId, owner, holdMs, prompt, tools, ...wishes, ...(budget && { budget }) };
    const starting = this.store.claimStateless(claim).then(async (result) => {
      const { answerTokens } = result;
      const turn = { runId, userId, userMessageId: '', prior: '', prompt, tools, ...wishes };
      await this.queue.launch(result, { ...turn, ...(answerTokens !== undefined && { answerTokens }) });
      return result.run;
    });
    this.starting.set(runId, starting);
    return starting.finally(() => this.starting.delete(runId));
  }

  private announce({ id: runId, conversationId, userId }: Run, { askedBy }: AnswerWishes): void {
    if (!conversationId) return;
    const answer = { conversationId, runId, userId, ...(askedBy && { askedBy }) };
    for (const listener of this.listeners) listener(answer);
  }

  private async claimAndLaunch(claim: RunClaim): Promise<StartedRun> {
    const result = await this.store.claim(claim);
    if (result.created) {
      const { runId, userId, userMessage, tools } = claim;
      const { answerTokens } = result;
      const { requestedModel } = result.run;
      await this.queue.launch(result, {
        runId,
        userId,
        userMessageId: userMessage.id,
        prior: '',
        ...(requestedModel && { requestedModel }),
        ...(tools && { tools }),
        ...(answerTokens !== undefined && { answerTokens }),
        ...knownOf(claim, result),
      });
    }
    return result;
  }

  private claimOf(
    { userId, model, tools, onBusy }: AnswerWishes & { userId: string },
    message: ClaimedMessage,
  ): RunClaim {
    const budget = this.rules.budgetOf(model);
    return {
      runId: newRowId(),
      userId,
      owner: this.ownership.owner,
      holdMs: this.ownership.holdMs,
      assistantMessageId: newRowId(),
      ...message,
      ...(model && { requestedModel: model }),
      ...(tools && { tools }),
      ...(budget && { budget }),
      ...this.rules.whenBusy(onBusy),
    };
  }
}

/** What of the turn is known from its claim. Not where the question is more than its text: that says how to answer. */
function knownOf({ isRegenerated, userMessage, conversation }: RunClaim, { seen, run }: ClaimResult): Partial<Turn> {
  if (!seen || isRegenerated || userMessage.input) return {};
  const { id, content } = userMessage;
  const question = { id, content, conversationId: conversation.id, parentId: undefined, depth: 1 };
  const first: Message = { ...question, role: 'user', status: 'complete', createdAt: run.createdAt };
  return { settings: seen.settings, ...(seen.isFirst && { history: [first] }) };
}
