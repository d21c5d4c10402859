import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ModelRouter } from '../ai/model-router.service.js';
import type { ModelMessage } from '../common/model-message.js';
import { RunConfig } from '../config/config.js';
import { ConversationDirectory } from '../conversation/conversation-directory.port.js';
import { titleOf } from '../conversation/conversation-title.js';
import type { Message } from '../conversation/message.js';
import { AskedQuestions } from './asked-questions.service.js';
import { RunEngine } from './run-engine.service.js';
import type { Run } from './run.js';

/** Titles that are asked for at once; a conversation beyond them keeps the title that it has. */
const MAX_AT_ONCE = 8;
/** Messages of a conversation that has one answer. */
const FIRST_EXCHANGE = 2;
const PATIENCE_MS = 20_000;
const TITLE_TOKENS = 24;
const MAX_TITLE = 80;
/** UTF-16 units of question and answer that the model is shown. */
const SHOWN = 2000;

const SYSTEM = 'You give conversations their titles.';
const ASK = 'Give this conversation a title of at most six words, in its language. Answer with the title only.';

/** With CONVERSATION_TITLES=model: once the first answer of a conversation stands, the model names it. */
@Injectable()
export class ModelTitles implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(ModelTitles.name);
  private readonly closing = new AbortController();
  private asking = 0;

  constructor(
    private readonly engine: RunEngine,
    private readonly questions: AskedQuestions,
    private readonly directory: ConversationDirectory,
    private readonly router: ModelRouter,
    private readonly config: RunConfig,
  ) {}

  onModuleInit(): void {
    if (this.config.titles === 'model') this.engine.onRunEnd((run) => void this.name(run));
  }

  onModuleDestroy(): void {
    this.closing.abort();
  }

  /** Somebody's own title stays, and so does the first message's where the model has none to give. */
  private async name({ id, conversationId, messageId }: Run): Promise<void> {
    if (!conversationId || !messageId || this.asking >= MAX_AT_ONCE || this.closing.signal.aborted) return;
    this.asking++;
    try {
      const [question, answer, ...more] = await this.questions.historyOf(messageId, FIRST_EXCHANGE + 1);
      if (!question || answer?.status !== 'complete' || more.length > 0) return;
      const title = await this.ask(id, question, answer);
      if (title) await this.directory.retitle(conversationId, titleOf(question.content), title);
    } catch (error) {
      this.logger.warn({ runId: id, err: error }, 'a conversation could not be named');
    } finally {
      this.asking--;
    }
  }

  private async ask(requestId: string, question: Message, answer: Message): Promise<string> {
    const messages: ModelMessage[] = [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: question.content.slice(0, SHOWN).toWellFormed() },
      { role: 'assistant', content: answer.content.slice(0, SHOWN).toWellFormed() },
      { role: 'user', content: ASK },
    ];
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(PATIENCE_MS)]);
    let text = '';
    await this.router.answer({ messages, requestId, maxTokens: TITLE_TOKENS }, signal, (parts) => {
      for (const part of parts) if (part.type === 'text') text += part.text;
    });
    return tidied(text);
  }
}

/** One line, without the quotes that models like to add. */
function tidied(text: string): string {
  const [line = ''] = text.trim().split('\n');
  const bare = line.trim().replace(/^["'“„«]+|["'”“»]+\.?$/g, '');
  return Array.from(bare.replaceAll('\0', '')).slice(0, MAX_TITLE).join('').toWellFormed();
}
