import { Injectable } from '@nestjs/common';
import { ModelRouter } from '../ai/model-router.service.js';
import { promptTokensOf } from '../ai/prompt-tokens.js';
import { TalksyError } from '../common/errors/talksy-error.js';
import { countTokens } from '../common/token-count.js';
import type { MessageInput } from '../conversation/message-input.js';
import { AiConfig, RunConfig, ServerConfig } from '../config/config.js';
import { type Attachment, MAX_FILE_BYTES } from './attachments.js';
import type { BusyPolicy } from './run.js';
import type { RunClaim, TokenBudget } from './run-store.port.js';
import type { StatelessPrompt } from './stateless-prompt.js';

/** Control characters, of ASCII and beyond, other than tab, line feed and carriage return. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Longest answer under a budget where AI_MAX_TOKENS says nothing: what is reserved must have an end. */
const UNSAID_ANSWER_TOKENS = 4096;

interface CheckedRequest {
  text: string;
  model?: string;
  input?: MessageInput;
  attachments?: readonly Attachment[];
}

/** What may be asked, whatever way it came in. */
@Injectable()
export class RunRequestRules {
  constructor(
    private readonly router: ModelRouter,
    private readonly config: ServerConfig,
    private readonly ai: AiConfig,
    private readonly runs: RunConfig,
  ) {}

  /**
   * What a caller's own prompt stands for is not for people to read, and bounded as the body that it came in. Throws
   * VALIDATION_ERROR or PAYLOAD_TOO_LARGE with a message that says what to change.
   */
  check({ text, model, input, attachments = [] }: CheckedRequest): void {
    if (input?.wishes) return this.checkModel(model);
    if (text.trim() === '') invalid('text must not be empty');
    const bytes = Buffer.byteLength(text);
    const max = this.config.messageMaxBytes;
    if (bytes > max) {
      throw new TalksyError('PAYLOAD_TOO_LARGE', `text has ${bytes} bytes; at most ${max} are allowed`);
    }
    if (CONTROL.test(text)) invalid('text must not hold control characters other than tab, LF and CR');
    if (!text.isWellFormed()) invalid('text must be valid Unicode, without half surrogate pairs');
    this.checkModel(model);
    this.checkAttachments(attachments, model);
  }

  /** Throws VALIDATION_ERROR for a model that is unknown. */
  checkModel(model?: string): void {
    this.router.resolve(model);
  }

  private checkAttachments(attachments: readonly Attachment[], model?: string): void {
    const bytes = attachments.reduce((sum, one) => sum + (one.type === 'file' ? Buffer.byteLength(one.content) : 0), 0);
    if (bytes > MAX_FILE_BYTES) {
      const message = `attachments: the files have ${bytes} bytes together; at most ${MAX_FILE_BYTES} are allowed`;
      throw new TalksyError('PAYLOAD_TOO_LARGE', message);
    }
    const { id, capabilities } = this.router.resolve(model);
    const sees = capabilities?.includes('vision') ?? true;
    if (!sees && attachments.some(({ type }) => type === 'image'))
      invalid(`model "${id}" does not see images; send text files, or ask another model`, 'attachments');
  }

  /** What a run may use of its user's day; undefined where there is no limit. */
  budgetOf(model?: string, prompt?: StatelessPrompt): TokenBudget | undefined {
    const { dailyTokenBudget: limitTokens, systemPrompt } = this.ai;
    const { contextTokens } = this.router.resolve(model);
    if (limitTokens === undefined) return undefined;
    const promptTokens = prompt ? promptTokensOf(prompt.messages) : countTokens(systemPrompt);
    const answerTokens = prompt?.maxTokens ?? this.ai.maxTokens ?? UNSAID_ANSWER_TOKENS;
    return { limitTokens, promptTokens, contextTokens, answerTokens };
  }

  /** What becomes of a message that has to wait; the message itself may say, else the configuration does. */
  whenBusy(onBusy: BusyPolicy = this.runs.concurrencyPolicy): Pick<RunClaim, 'whenBusy' | 'limits'> {
    const { maxQueued, maxConcurrentPerUser } = this.runs;
    return { whenBusy: onBusy, limits: { queuedInConversation: maxQueued, runningOfUser: maxConcurrentPerUser } };
  }
}

function invalid(message: string, field = 'text'): never {
  throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field, message }] });
}
