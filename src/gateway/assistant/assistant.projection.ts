import {
  type FirstRecord,
  isTerminal,
  type RecordOf,
  type RunRecord,
  type TerminalRecord,
} from '../../run/run-event.js';
import type { RunSource } from '../../run/run-source.js';
import { encodeOnce } from '../delivery/encode-once.js';
import { encodeEvent, EventPacket } from '../delivery/event-packet.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { isToolRecord, toolPacket } from './tool-frames.projection.js';

/** `stream_start`, also the ack of `user_message_stream`. */
export function streamStart(started: FirstRecord, runId: string, sessionId: string): object {
  const { messageId, userMessageId, conversationId, continues } = started.data;
  return { sessionId, runId, messageId, userMessageId, conversationId, continues, seq: started.seq };
}

/** `stream_queued`: the answer has to wait for others. */
function streamQueued({ seq, data }: RecordOf<'run.queued'>, runId: string): object {
  const { position, messageId, userMessageId, conversationId } = data;
  return { runId, position, messageId, userMessageId, conversationId, seq };
}

/** `stream_end`. */
export function streamEnd(end: TerminalRecord, source: RunSource, sessionId: string): object {
  return { sessionId, runId: source.runId, messageId: source.started.data.messageId, ...end.data, seq: end.seq };
}

/** `assistant_response`: the whole answer at once. */
export function assistantResponse(text: string, end: TerminalRecord, source: RunSource, timestamp: string): object {
  const { usage, provider, model, finishReason } = end.data;
  const { messageId, conversationId } = source.started.data;
  return { text, timestamp, messageId, runId: source.runId, conversationId, usage, provider, model, finishReason };
}

/** `stream_chunk`, the one event that comes with every token: put together around its text instead of serialized. */
const chunkPacket = encodeOnce<RecordOf<'text.delta'>>(({ seq, data: { text, index } }, runId) => {
  const content = JSON.stringify(text);
  return new EventPacket(`2["stream_chunk",{"content":${content},"index":${index},"runId":"${runId}","seq":${seq}}]`);
});

/** Family A: what a record of the log is on the wire. Types it does not know are nothing. */
export function toAssistantPackets(record: RunRecord, socket: TalksySocket, source: RunSource): readonly EventPacket[] {
  const { sessionId } = socket.data;
  if (record.type === 'text.delta') return [chunkPacket(record, source.runId)];
  if (record.type === 'run.started') return [encodeEvent('stream_start', streamStart(record, source.runId, sessionId))];
  if (isToolRecord(record)) return [toolPacket(record, source.runId)];
  if (record.type === 'run.queued') return [encodeEvent('stream_queued', streamQueued(record, source.runId))];
  if (isTerminal(record)) return [encodeEvent('stream_end', streamEnd(record, source, sessionId))];
  return [];
}
