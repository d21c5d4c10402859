import type { ToolResult } from '../tools/tool-result.js';
import type { RunEvent } from './run-event.js';

/** A call that a model made. */
export interface RoundCall {
  callId: string;
  toolName: string;
  /** JSON text, as the model wrote it. */
  arguments: string;
  /** Whether a person has been asked to approve it. */
  approval?: 'requested';
  result?: ToolResult;
}

/** Calls that a model made at once, and where in the answer: `offset` UTF-16 units of text stood before them. */
export interface ToolRound {
  offset: number;
  calls: RoundCall[];
}

/** The pure fold of what a log says about tools. Feed it every event in order. */
export class ToolRounds {
  private isOpen = false;

  constructor(readonly rounds: ToolRound[] = []) {}

  /** `offset` is the length of the answer's text so far. */
  apply(event: RunEvent, offset: number): void {
    if (event.type === 'attempt.started') this.isOpen = false;
    else if (event.type === 'tool.called') this.roundAt(offset).calls.push({ ...event.data });
    else if (event.type === 'tool.approval_requested') this.find(event.data.callId).approval = 'requested';
    else if (event.type === 'tool.returned') this.find(event.data.callId).result = event.data.result;
  }

  private roundAt(offset: number): ToolRound {
    if (!this.isOpen) this.rounds.push({ offset, calls: [] });
    this.isOpen = true;
    return this.rounds.at(-1)!;
  }

  private find(callId: string): RoundCall {
    const call = this.rounds.at(-1)?.calls.find((one) => one.callId === callId);
    if (!call) throw new Error(`there is no call ${callId} under way`);
    return call;
  }
}
