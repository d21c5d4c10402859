import type { RecordOf, RunRecord } from '../../run/run-event.js';
import { encodeOnce } from '../delivery/encode-once.js';
import { encodeEvent } from '../delivery/event-packet.js';

type ToolRecord = RecordOf<'tool.called' | 'tool.returned' | 'tool.approval_requested'>;

/** Whether family A shows this record of a tool. Of a decision it sees the result. */
export const isToolRecord = (record: RunRecord): record is ToolRecord =>
  record.type === 'tool.called' || record.type === 'tool.returned' || record.type === 'tool.approval_requested';

/** `tool_call`, `tool_result` or `tool_approval`: the event and what it carries. */
export function toolEvent(record: ToolRecord, runId: string): [event: string, payload: object] {
  const { seq } = record;
  const { callId, toolName } = record.data;
  const call = { runId, callId, toolName };
  if (record.type === 'tool.returned') {
    const { result, executionTimeMs } = record.data;
    return ['tool_result', { ...call, result, executionTimeMs, seq }];
  }
  const parameters = parametersOf(record.data.arguments);
  if (record.type === 'tool.called') return ['tool_call', { ...call, parameters, seq }];
  return ['tool_approval', { ...call, parameters, expiresAt: record.data.expiresAt, seq }];
}

export const toolPacket = encodeOnce<ToolRecord>((record, runId) => encodeEvent(...toolEvent(record, runId)));

/** The parameters as an object; what a model wrote that is none is shown as it is. */
function parametersOf(text: string): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch {
    return text;
  }
}
