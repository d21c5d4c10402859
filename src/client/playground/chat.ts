import {
  type AnswerStream,
  type Attachment,
  ClientError,
  type HistoryMessage,
  type StreamEnd,
  type TalksyClient,
  type ToolApproval,
  type ToolStep,
} from '../talksy-client.js';
import { Conversations } from './conversations.js';
import { Store } from './store.js';

/** What an answer took. */
export interface Figures {
  firstTokenMs?: number;
  tokensPerSecond?: number;
  tokens?: number;
  model?: string;
  reason?: string;
}

/** An answer on its way. */
export interface Writing {
  text: string;
  steps: ToolStep[];
  approvals: ToolApproval[];
  figures: Figures;
}

type Begin = (wishes: { signal: AbortSignal; onTool: (step: ToolStep) => void }) => AnswerStream;

/** The conversation on the page: what was said, what is being written, and what a person can do about it. */
export class Chat extends Store {
  readonly conversations: Conversations;
  messages: HistoryMessage[] = [];
  /** By the id of the message that they belong to; of this page's own answers. */
  readonly steps = new Map<string, ToolStep[]>();
  readonly figures = new Map<string, Figures>();
  writing: Writing | undefined;
  isUp = true;
  node = '';
  error = '';
  private stopper: AbortController | undefined;

  constructor(readonly talksy: TalksyClient) {
    super();
    this.conversations = new Conversations(talksy);
  }

  /** Shows the conversation that the address names. */
  async begin(): Promise<void> {
    void this.lookAtNode();
    void this.conversations.load();
    await this.open(decodeURIComponent(location.hash.slice(1)) || undefined);
  }

  /** Shows another conversation, or none; an answer that is being written there goes on. */
  async open(id: string | undefined): Promise<void> {
    if (this.writing) return;
    this.error = '';
    await this.attempt(async () => {
      this.talksy.enter(id);
      this.show(id ? await this.talksy.history() : []);
    });
    location.hash = id ? encodeURIComponent(id) : '';
    const last = this.messages.at(-1);
    if (last?.status !== 'streaming' || !last.runId) return;
    this.show(this.messages.slice(0, -1));
    await this.write((wishes) => this.talksy.follow(last.runId!, wishes));
  }

  async send(text: string, attachments: Attachment[], parentId?: string | null): Promise<void> {
    const asked = { id: 'asked', role: 'user', content: text, status: 'complete', timestamp: new Date().toISOString() };
    const before = parentId === undefined ? this.messages : this.upTo(parentId);
    this.show([...before, { ...asked, ...(attachments.length > 0 && { attachments }) }]);
    const say = { text, ...(attachments.length > 0 && { attachments }), ...(parentId !== undefined && { parentId }) };
    await this.write((wishes) => this.talksy.stream(say, wishes));
  }

  async regenerate({ id, parentId }: HistoryMessage): Promise<void> {
    this.show(this.upTo(parentId ?? null));
    await this.write((wishes) => this.talksy.regenerate(id, wishes));
  }

  async switchTo(messageId: string): Promise<void> {
    await this.attempt(async () => this.show((await this.talksy.switchBranch(messageId)).history));
  }

  async fork({ id }: HistoryMessage): Promise<void> {
    await this.attempt(async () => {
      const { conversationId } = await this.talksy.fork({ messageId: id });
      await this.conversations.load();
      await this.open(conversationId);
    });
  }

  async remove(id: string): Promise<void> {
    await this.attempt(async () => {
      await this.conversations.remove(id);
      if (id === this.talksy.conversationId) await this.open(undefined);
    });
  }

  stop(): void {
    this.stopper?.abort();
  }

  async decide(approval: ToolApproval, approve: boolean): Promise<void> {
    await this.attempt(() => this.talksy.decide(approval, approve));
  }

  onConnection(isUp: boolean): void {
    this.isUp = isUp;
    if (isUp) void this.lookAtNode();
    this.changed();
  }

  close(): void {
    this.talksy.close();
  }

  private async write(begin: Begin): Promise<void> {
    const stopper = (this.stopper = new AbortController());
    const startedAt = performance.now();
    const writing: Writing = { text: '', steps: [], approvals: [], figures: {} };
    this.writing = writing;
    this.error = '';
    let firstAt = 0;
    try {
      const answer = begin({ signal: stopper.signal, onTool: (step) => this.onTool(writing, step) });
      for await (const piece of answer) {
        if (piece && !firstAt) writing.figures.firstTokenMs = Math.round((firstAt = performance.now()) - startedAt);
        writing.text = answer.text;
        this.noteAddress();
        this.changed();
      }
      writing.figures = { ...writing.figures, ...figuresOf(await answer.end, performance.now() - firstAt) };
    } catch (error) {
      this.error = wordsOf(error);
    }
    await this.settle(writing);
  }

  /** What is stored is shown in place of what came. */
  private async settle(writing: Writing): Promise<void> {
    await this.attempt(async () => this.show(await this.talksy.history()));
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') {
      this.steps.set(last.id, writing.steps);
      this.figures.set(last.id, writing.figures);
    }
    this.writing = undefined;
    this.changed();
    this.noteAddress();
    await this.conversations.load();
  }

  /** A reload finds the conversation again, also in the middle of its first answer. */
  private noteAddress(): void {
    const hash = `#${encodeURIComponent(this.talksy.conversationId ?? '')}`;
    if (location.hash !== hash) history.replaceState(null, '', hash);
  }

  private onTool(writing: Writing, step: ToolStep): void {
    if (step.kind === 'approval') writing.approvals.push(step.approval);
    else writing.steps.push(step);
    if (step.kind === 'returned')
      writing.approvals = writing.approvals.filter(({ callId }) => callId !== step.returned.callId);
    this.changed();
  }

  private upTo(id: string | null): HistoryMessage[] {
    return this.messages.slice(0, this.messages.findIndex((message) => message.id === id) + 1);
  }

  private show(messages: HistoryMessage[]): void {
    this.messages = messages;
    this.changed();
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.error = wordsOf(error);
      this.changed();
    }
  }

  /** Which node answers; with several it may be another after each cut. */
  private async lookAtNode(): Promise<void> {
    const health = await fetch('/health/detailed')
      .then((response) => response.json())
      .catch(() => undefined);
    this.node = (health as { node?: string } | undefined)?.node ?? '';
    this.changed();
  }
}

function figuresOf({ usage, model, finishReason }: StreamEnd, writingMs: number): Figures {
  const perSecond = usage.completionTokens / (writingMs / 1000);
  return {
    tokens: usage.totalTokens,
    model,
    reason: finishReason,
    ...(Number.isFinite(perSecond) && writingMs > 50 && { tokensPerSecond: Math.round(perSecond) }),
  };
}

const wordsOf = (error: unknown): string => (error instanceof ClientError ? error.message : String(error));
