import type { ControlEvents } from '../../common/event-bus.port.js';
import type { RunRecord } from '../../run/run-event.js';
import { isTerminal } from '../../run/run-event.js';
import type { RunSource } from '../../run/run-source.js';
import { encodeEvent, type EventPacket } from '../delivery/event-packet.js';

/** What a room is shown of an answer: the newest state, and whether there is something that was not shown yet. */
export class RoomStream {
  /** Ends the following. */
  readonly abort = new AbortController();
  private text = '';
  private hasBegun = false;
  private hasEnded = false;
  private readonly messageId: string | undefined;

  readonly conversationId: string;
  readonly runId: string;
  readonly askedBy: string | undefined;

  constructor({ conversationId, runId, askedBy }: ControlEvents['conversation.answering'], source: RunSource) {
    this.conversationId = conversationId;
    this.runId = runId;
    this.askedBy = askedBy;
    this.messageId = source.started.data.messageId;
  }

  /** Takes a record; what it means for the room. */
  take(record: RunRecord): 'begun' | 'changed' | 'ended' | undefined {
    if (record.type === 'run.started') {
      this.hasBegun = true;
      return 'begun';
    }
    if (record.type === 'text.delta') {
      this.text += record.data.text;
      return 'changed';
    }
    if (!isTerminal(record)) return undefined;
    this.hasEnded = true;
    return 'ended';
  }

  get begun(): boolean {
    return this.hasBegun;
  }

  startPacket(): EventPacket {
    return encodeEvent('stream_start', { messageId: this.messageId, conversationId: this.conversationId });
  }

  /** All text so far, as these clients expect it. */
  chunkPacket(): EventPacket {
    const chunk = { messageId: this.messageId, content: this.text, isComplete: this.hasEnded };
    return encodeEvent('stream_chunk', { ...chunk, conversationId: this.conversationId });
  }

  endPacket(): EventPacket {
    return encodeEvent('stream_complete', { messageId: this.messageId, conversationId: this.conversationId });
  }
}
