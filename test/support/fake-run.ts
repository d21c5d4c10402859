import type { Socket } from 'socket.io';
import type { HistoryMessage, StreamEnd, StreamStart } from '../../src/client/wire.js';

type Frame = [event: string, payload: { seq: number }];

/** A run whose frames the test writes; what a socket follows it gets from the record, past first. */
export class FakeRun {
  readonly start: StreamStart;
  /** Frames that go on record but are lost on the way: their seqs. */
  readonly lost = new Set<number>();
  private readonly frames: Frame[] = [];
  private readonly followers = new Set<Socket>();
  private chunks: string[] = [];
  private steps = 0;

  constructor(
    readonly id: string,
    private readonly question: string,
    readonly userMessageId: string,
  ) {
    const messageId = `answer-of-${id}`;
    this.start = { runId: id, messageId, userMessageId, conversationId: 'conversation-1', seq: 0 };
    this.record('stream_start', this.start);
  }

  chunk(content: string): void {
    this.chunks.push(content);
    const index = this.chunks.length - 1;
    // As if an attempt.started stood at seq 1: records without a frame leave holes in what a client sees.
    this.record('stream_chunk', { runId: this.id, content, index, seq: index + 2 });
  }

  /** A frame of a tool, between two chunks. */
  tool(event: string, payload: object): void {
    const seq = this.chunks.length + 1 + ++this.steps / 100;
    this.record(event, { runId: this.id, callId: 'call-1', toolName: 'send', ...payload, seq });
  }

  end(facts: Partial<StreamEnd> = {}): void {
    const seq = this.chunks.length + 2;
    const lastIndex = this.chunks.length - 1;
    this.record('stream_end', { runId: this.id, finishReason: 'stop', lastIndex, seq, ...facts } as StreamEnd);
  }

  follow(socket: Socket, afterSeq: number): void {
    for (const [event, payload] of this.frames) if (payload.seq > afterSeq) socket.emit(event, payload);
    this.followers.add(socket);
    socket.once('disconnect', () => this.followers.delete(socket));
  }

  messages(): HistoryMessage[] {
    const timestamp = '2026-01-01T00:00:00.000Z';
    return [
      { id: this.userMessageId, role: 'user', content: this.question, status: 'complete', timestamp },
      { id: this.start.messageId, role: 'assistant', content: this.chunks.join(''), status: 'complete', timestamp },
    ];
  }

  private record<T extends { seq: number }>(event: string, payload: T): void {
    this.frames.push([event, payload]);
    if (this.lost.delete(payload.seq)) return;
    for (const socket of this.followers) socket.emit(event, payload);
  }
}
