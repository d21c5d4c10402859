import type { ModelToolCall } from '../common/model-message.js';
import type { TokenUsage } from '../common/token-usage.js';
import type { ChunkEnd } from '../conversation/message.js';
import { AttemptsUsage } from './attempts-usage.js';
import {
  type FirstRecord,
  isIdentity,
  isTerminal,
  type RecordOf,
  type RunRecord,
  type TerminalRecord,
} from './run-event.js';
import { type ToolRound, ToolRounds } from './tool-round.js';

/** The pure fold of a run log into one answer. Feed it every record from seq 0 on, in order. */
export class Transcript {
  content = '';
  readonly chunkEnds: ChunkEnd[] = [];
  lastSeq = -1;
  /** Whose run it is: from `run.started`, and before it from `run.queued`. */
  started: FirstRecord | undefined;
  attempt: RecordOf<'attempt.started'>['data'] | undefined;
  end: TerminalRecord | undefined;
  private readonly tools = new ToolRounds();

  private readonly costs = new AttemptsUsage();

  /** What the answer has cost so far; `estimated` where we counted and not the vendor. */
  get usage(): TokenUsage {
    return this.costs.total(this.content);
  }

  /** The tools called so far, and what came back. */
  get rounds(): readonly ToolRound[] {
    return this.tools.rounds;
  }

  /** The last calls, where they have no results: an answer that ends with them leaves them to its caller. */
  get openCalls(): readonly ModelToolCall[] {
    const open = this.rounds.at(-1)?.calls.filter(({ result }) => !result) ?? [];
    return open.map(({ callId, toolName, arguments: text }) => ({ callId, name: toolName, arguments: text }));
  }

  /** Index of the last chunk, -1 before the first. */
  get lastIndex(): number {
    return this.chunkEnds.length - 1;
  }

  apply(record: RunRecord): void {
    this.lastSeq = record.seq;
    if (record.type === 'text.delta') {
      this.content += record.data.text;
      this.chunkEnds.push([record.seq, this.content.length]);
    } else if (isIdentity(record)) this.started = record;
    else if (record.type === 'attempt.started') {
      this.attempt = record.data;
      this.costs.begin(record.data.promptTokens, this.content);
    } else if (record.type === 'usage') this.costs.counted(record.data);
    else if (isTerminal(record)) this.end = record;
    this.tools.apply(record, this.content.length);
  }
}
