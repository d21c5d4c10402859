import type { ChatConnection, ChatListener } from '../chat-connection.js';
import type { ToolStep } from '../exchange.js';
import type { HistoryMessage, StreamEnd, ToolApproval } from '../wire.js';
import { type Command, HELP, parseCommand } from './commands.js';
import type { LineInput } from './line-input.js';
import type { ChatScreen } from './chat-screen.js';
import { approvalLine, callLine, returnLine, toolLine } from './tool-lines.js';

const SPEAKERS: Record<string, string> = { user: 'you', assistant: 'talksy' };

/** The conversation between a person, or a pipe, and a connected server: line by line, one answer at a time. */
export class TerminalChat {
  private readonly chat: ChatConnection;
  private answering = false;
  /** Calls that wait for the person, the first of them being asked about. */
  private approvals: ToolApproval[] = [];
  private stopping = false;
  private leaving = false;
  private exitCode = 0;

  constructor(
    connect: (listener: ChatListener) => ChatConnection,
    private readonly input: LineInput,
    private readonly screen: ChatScreen,
    private readonly model?: string,
  ) {
    this.chat = connect({
      onLost: () => screen.say('(connection lost, reconnecting)'),
      onRestored: () => screen.say('(connected again)'),
      onClosed: (error) => this.leave(1, error.message),
      onServerError: (error) => screen.warn(error.message),
    });
  }

  /** Resolves with the exit code when the input ends, the person leaves or the connection cannot be kept. */
  async run(greeting: string): Promise<number> {
    await this.chat.open();
    this.screen.say(greeting);
    this.input.onInterrupt = () => this.onInterrupt();
    for (;;) {
      const line = await this.input.next('> ');
      if (line === undefined || this.leaving) break;
      await this.obey(parseCommand(line));
    }
    this.chat.close();
    return this.exitCode;
  }

  private async obey(command: Command): Promise<void> {
    switch (command.name) {
      case 'say':
        return this.answer(command.text);
      case 'history':
        return this.showHistory();
      case 'tools':
        return this.attempt(async () => {
          for (const tool of await this.chat.ask('list_tools', {})) this.screen.say(toolLine(tool));
        });
      case 'call':
        return this.attempt(() => this.call(command.toolName, command.parameters));
      case 'fork':
        return this.attempt(() => this.fork());
      case 'new':
        this.chat.enter(undefined);
        return this.screen.say('(a new conversation)');
      case 'stop':
        return this.screen.say('Nothing is being written.');
      case 'approve':
      case 'deny':
        return this.screen.say('Nothing waits for your approval.');
      case 'help':
        return this.screen.say(HELP);
      case 'unknown':
        return this.screen.say(`There is no ${command.word}. /help lists the commands.`);
      case 'quit':
        return this.leave(0);
      case 'nothing':
    }
  }

  private async answer(text: string): Promise<void> {
    this.answering = true;
    this.stopping = false;
    if (this.input.interactive) this.input.watcher = (line) => this.onLineMeanwhile(line);
    try {
      let whole = '';
      this.screen.wait();
      const say = { text, ...(this.model && { model: this.model }) };
      const end = await this.chat.send(say, {
        onText: (added) => {
          whole += added;
          this.screen.write(added);
        },
        onReplaced: (other) => {
          whole = other;
          this.screen.say(`(the answer reads:)\n${other}`);
        },
        onTool: (step) => this.onTool(step),
      });
      this.screen.finishLine();
      if (!this.screen.note?.({ type: 'end', end, text: whole })) this.tellOf(end);
    } catch (error) {
      if (!this.leaving) this.screen.warn((error as Error).message);
    } finally {
      this.answering = false;
      this.approvals = [];
      this.input.watcher = undefined;
    }
  }

  private tellOf({ finishReason, error }: StreamEnd): void {
    if (finishReason === 'error') this.screen.warn(error?.message ?? 'the answer failed');
    if (finishReason === 'cancelled') this.screen.say('(stopped)');
    if (finishReason === 'interrupted')
      this.screen.say('(interrupted: the server went away; /history shows what is kept)');
    if (finishReason === 'length') this.screen.say('(cut off: the answer reached its limit)');
  }

  private showHistory(): Promise<void> {
    return this.attempt(async () => {
      const messages = await this.chat.history();
      if (messages.length === 0) this.screen.say('No messages yet.');
      for (const message of messages) this.screen.say(lineOf(message));
    });
  }

  private async call(toolName: string, text: string): Promise<void> {
    const parameters: unknown = text === '' ? {} : parsed(text);
    if (typeof parameters !== 'object' || parameters === null)
      return this.screen.warn('parameters must be one JSON object, such as {"expression": "6*7"}');
    this.screen.say(returnLine(await this.chat.askOnce('call_tool', { toolName, parameters })));
  }

  private async fork(): Promise<void> {
    const last = (await this.chat.history()).at(-1);
    if (!last) return this.screen.say('No messages yet.');
    const { conversationId, title } = await this.chat.askOnce('fork_conversation', { messageId: last.id });
    this.chat.enter(conversationId);
    this.screen.say(`(a new conversation that begins like this one: ${title})`);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.screen.warn((error as Error).message);
    }
  }

  private onTool(step: ToolStep): void {
    const isNoted = this.screen.note?.({ type: 'tool', step }) ?? false;
    if (!isNoted) this.screen.say(lineOfStep(step));
    if (step.kind === 'returned')
      this.approvals = this.approvals.filter(({ callId }) => callId !== step.returned.callId);
    if (step.kind !== 'approval') return;
    this.approvals.push(step.approval);
    // A pipe has nobody to ask.
    if (!this.input.interactive) this.decide(false);
  }

  private decide(approve: boolean): void {
    const [approval, ...others] = this.approvals;
    if (!approval) return this.screen.say('Nothing waits for your approval.');
    this.approvals = others;
    this.chat.decide(approval, approve).catch((error: Error) => this.screen.warn(error.message));
  }

  /** While an answer comes, a person can stop it, decide about tools or leave; other lines wait their turn. */
  private onLineMeanwhile(line: string): boolean {
    const { name } = parseCommand(line);
    if (name === 'stop') this.stop();
    if (name === 'quit') this.leave(0);
    if (name === 'approve' || name === 'deny') this.decide(name === 'approve');
    return ['stop', 'quit', 'approve', 'deny'].includes(name);
  }

  private onInterrupt(): void {
    if (this.answering && !this.stopping) this.stop();
    else this.leave(0);
  }

  private stop(): void {
    this.stopping = true;
    this.chat.stop().catch((error: Error) => this.screen.warn(error.message));
  }

  private leave(exitCode: number, reason?: string): void {
    this.leaving = true;
    this.exitCode = exitCode;
    if (reason) this.screen.warn(reason);
    this.chat.close();
    this.input.close();
  }
}

const lineOf = ({ role, content }: HistoryMessage): string => `${SPEAKERS[role] ?? role}: ${content}`;

function lineOfStep(step: ToolStep): string {
  if (step.kind === 'call') return callLine(step.call);
  return step.kind === 'returned' ? returnLine(step.returned) : approvalLine(step.approval);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
