import { summarizeError, type TalksyError } from '../../common/errors/talksy-error.js';
import { isTerminal, type RecordOf, type RunRecord, type TerminalRecord } from '../../run/run-event.js';

const DONE = 'data: [DONE]\n\n';

/** Family C: a run's log as server-sent events. A record is one event, whose id says where to go on after it. */
export class EditorChatFrames {
  constructor(private readonly runId: string) {}

  framesOf(record: RunRecord): string {
    // Put together around its text: it is the frame of every token.
    if (record.type === 'text.delta')
      return this.frame(record, `{"type":"content","content":${JSON.stringify(record.data.text)}}`);
    if (record.type === 'tool.called') return this.frame(record, JSON.stringify(callStart(record)));
    if (record.type === 'tool.returned') return this.frame(record, JSON.stringify(callEnd(record)));
    return isTerminal(record) ? this.end(record) : '';
  }

  errorFrames(error: TalksyError): string {
    return `data: ${JSON.stringify({ type: 'error', error: summarizeError(error) })}\n\n`;
  }

  /** The id stands on the last frame: who has seen less of a record gets all of it again. */
  private end(record: TerminalRecord): string {
    const { error, usage } = record.data;
    const tokensUsed = { prompt: usage.promptTokens, completion: usage.completionTokens, total: usage.totalTokens };
    const last = error ? { type: 'error', error } : { type: 'done', tokensUsed };
    return `data: ${JSON.stringify(last)}\n\nid: ${eventId(this.runId, record.seq)}\n${DONE}`;
  }

  private frame({ seq }: RunRecord, data: string): string {
    return `id: ${eventId(this.runId, seq)}\ndata: ${data}\n\n`;
  }
}

/** Where a client stands: the run, and the last record of it that it has. */
export const eventId = (runId: string, seq: number): string => `${runId}:${seq}`;

/** What `eventId` made; undefined for anything else. */
export function parseEventId(id: string): { runId: string; seq: number } | undefined {
  const [, runId, seq] = /^([0-9a-f-]{36}):(\d{1,9})$/.exec(id) ?? [];
  return runId === undefined ? undefined : { runId, seq: Number(seq) };
}

const callStart = ({ data }: RecordOf<'tool.called'>): object => ({
  type: 'tool_call_start',
  tool_name: data.toolName,
  call_id: data.callId,
  arguments: parsed(data.arguments),
});

function callEnd({ data: { toolName, callId, result } }: RecordOf<'tool.returned'>): object {
  const which = { tool_name: toolName, call_id: callId };
  if (result.success) return { type: 'tool_result', ...which, result: result.data };
  return { type: 'tool_error', ...which, error: result.error.message };
}

/** A model may have written what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
