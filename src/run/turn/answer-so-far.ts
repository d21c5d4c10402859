import type { ModelMessage, ModelToolCall } from '../../common/model-message.js';
import { newSecretId } from '../../common/ids.js';
import { resultText } from '../../tools/tool-result.js';
import type { RoundCall, ToolRound } from '../tool-round.js';
import { ToolRounds } from '../tool-round.js';
import type { Turn } from '../turn.js';
import type { TurnEvent } from '../turn-event.js';

/** What a turn has come to: the text, and the tools called between. The same fold as that of the log. */
export class AnswerSoFar {
  private text: string;
  private readonly tools: ToolRounds;

  constructor({ prior, rounds = [] }: Pick<Turn, 'prior' | 'rounds'>) {
    this.text = prior;
    this.tools = new ToolRounds(rounds.length > 0 ? structuredClone([...rounds]) : []);
  }

  get length(): number {
    return this.text.length;
  }

  get rounds(): readonly ToolRound[] {
    return this.tools.rounds;
  }

  /** Calls of the last round that have no result yet. */
  get openCalls(): readonly RoundCall[] {
    return this.rounds.at(-1)?.calls.filter(({ result }) => !result) ?? [];
  }

  /** Notes what the turn gives to the log. */
  take(event: TurnEvent): void {
    if (event.type === 'text') this.text += event.text;
    else if (event.type === 'record') this.tools.apply(event.event, this.text.length);
  }

  /** What must stand between the text before the last tools and the text behind them, so that words do not run together. */
  seamBefore(next: string): string {
    const isBehindTools = this.rounds.length > 0 && this.rounds.at(-1)!.offset === this.text.length;
    return isBehindTools && /\S$/.test(this.text) && /^\S/.test(next) ? SEAM : '';
  }

  /** The call under an id that no call of this answer has: some vendors give the same ids again and again. */
  renamed(call: ModelToolCall): ModelToolCall {
    const taken = this.rounds.some(({ calls }) => calls.some(({ callId }) => callId === call.callId));
    return taken || call.callId.length > MAX_ID ? { ...call, callId: `call_${newSecretId()}` } : call;
  }

  /** The turn so far as a model reads it: what it said, what it called, what came back. */
  messages(): ModelMessage[] {
    let from = 0;
    const messages = this.rounds.flatMap(({ offset, calls }, at): ModelMessage[] => {
      const said = at === 0 ? this.text.slice(0, offset) : withoutSeam(this.text.slice(from, offset));
      from = offset;
      return [{ role: 'assistant', content: said, toolCalls: calls.map(toModelCall) }, ...calls.map(toModelResult)];
    });
    const open = from === 0 ? this.text.slice(from) : withoutSeam(this.text.slice(from));
    return open ? [...messages, { role: 'assistant', content: open }] : messages;
  }
}

const SEAM = '\n\n';
const MAX_ID = 200;

const withoutSeam = (text: string): string => (text.startsWith(SEAM) ? text.slice(SEAM.length) : text);

const toModelCall = ({ callId, toolName, arguments: text }: RoundCall): ModelToolCall => ({
  callId,
  name: toolName,
  arguments: text,
});

const toModelResult = ({ callId, result }: RoundCall): ModelMessage => ({
  role: 'tool',
  callId,
  content: result ? resultText(result) : '',
});
