import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { dataFrame, EventStream } from './event-stream.js';
import { Heartbeats } from './heartbeats.service.js';

/** A response whose buffer is full from the second write on. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  closed = false;
  status = () => this;
  set = () => this;
  flushHeaders = () => undefined;
  write = (text: string) => this.written.push(text) < 2;
  end = () => this.emit('close');
}

describe('An event stream', () => {
  const open = () => {
    const response = new FakeResponse();
    return { response, stream: new EventStream(response as unknown as Response) };
  };

  it('waits for a reader that is slow, and goes on when there is room', async () => {
    const { response, stream } = open();
    expect(stream.write(dataFrame('1'))).toBeUndefined();
    const room = stream.write(dataFrame('2'));
    expect(room).toBeInstanceOf(Promise);
    response.emit('drain');
    await room;
    expect(response.written).toEqual(['data: 1\n\n', 'data: 2\n\n']);
  });

  it('waits for nobody who has gone, and writes no more', async () => {
    const { response, stream } = open();
    void stream.write('1');
    const room = stream.write('2');
    stream.end();
    await room;
    expect(stream.write('3')).toBeUndefined();
    stream.beat();
    stream.end();
    expect(response.written).toEqual(['1', '2']);
  });

  it('is kept awake with all others by one timer, as long as there are any', () => {
    const { response, stream } = open();
    const heartbeats = new Heartbeats();
    const ends = [1, 2].map(() => heartbeats.enlist(() => stream.beat()));
    stream.beat();
    expect(response.written).toEqual([':\n\n']);
    ends.forEach((end) => end());
    heartbeats.onModuleDestroy();
  });
});
