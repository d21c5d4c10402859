import { FakeClock } from '../../../test/support/fake-clock.js';
import type { Ack } from './ack.js';
import { EventGates } from './event-gates.js';
import type { TalksySocket } from './talksy-socket.js';

/** What the gates see of a connection, and what they do with it. */
function fakeSocket() {
  const facts = { errors: [] as unknown[], ended: '', bufferedAmount: 0, writeBuffer: [] as { data?: string }[] };
  const transport = {
    get socket() {
      return { bufferedAmount: facts.bufferedAmount, terminate: () => (facts.ended = 'cut off'), once: () => {} };
    },
  };
  const socket = {
    data: { principal: { userId: 'ada' } },
    conn: { transport, writeBuffer: facts.writeBuffer, close: () => (facts.ended = 'told to go') },
    emit: (_event: string, error: unknown) => facts.errors.push(error),
  };
  return { facts, socket: socket as unknown as TalksySocket };
}

describe('The gate for the events of a connection', () => {
  const enterOften = (gates: EventGates, socket: TalksySocket, count: number, leaves = true): number => {
    let entered = 0;
    for (let i = 0; i < count; i++) {
      if (!gates.enter(socket, 'ping', undefined)) continue;
      entered++;
      if (leaves) gates.leave(socket, 'ping');
    }
    return entered;
  };

  it('lets a thousand through at once, and two hundred every second', () => {
    const clock = new FakeClock();
    const gates = new EventGates(clock, true);
    const { socket } = fakeSocket();
    expect(enterOften(gates, socket, 1100)).toBe(1000);
    clock.advance(500);
    expect(enterOften(gates, socket, 110)).toBe(100);
    clock.advance(60_000);
    expect(enterOften(gates, socket, 1010)).toBe(1000);
  });

  it('minds no pace where limits are off', () => {
    const { socket } = fakeSocket();
    expect(enterOften(new EventGates(new FakeClock(), false), socket, 5000)).toBe(5000);
  });

  it('refuses beyond 256 that are pending, with an answer to each', () => {
    const gates = new EventGates(new FakeClock(), true);
    const { socket, facts } = fakeSocket();
    expect(enterOften(gates, socket, 256, false)).toBe(256);
    const acks: Ack[] = [];
    expect(gates.enter(socket, 'ping', (ack) => acks.push(ack))).toBe(false);
    expect(acks).toEqual([{ ok: false, error: facts.errors[0] }]);
    expect(facts.errors).toMatchObject([{ code: 'OVERLOADED', retryAfterMs: 1000 }]);
    gates.leave(socket, 'ping');
    expect(gates.enter(socket, 'ping', undefined)).toBe(true);
  });

  it('lets eight be pending whose answers are large', () => {
    const gates = new EventGates(new FakeClock(), true);
    const { socket } = fakeSocket();
    const asked = Array.from({ length: 10 }, () => gates.enter(socket, 'get_history', undefined));
    expect(asked.filter(Boolean)).toHaveLength(8);
    expect(gates.enter(socket, 'ping', undefined)).toBe(true);
    gates.leave(socket, 'get_history');
    expect(gates.enter(socket, 'get_history', undefined)).toBe(true);
  });

  it('tells a connection to go that does not stop, and answers it no more', () => {
    const gates = new EventGates(new FakeClock(), true);
    const { socket, facts } = fakeSocket();
    enterOften(gates, socket, 256 + 255, false);
    expect(facts.ended).toBe('');
    enterOften(gates, socket, 1000, false);
    expect([facts.ended, facts.errors.length]).toEqual(['told to go', 256]);
  });

  it('forgives what was long ago', () => {
    const clock = new FakeClock();
    const gates = new EventGates(clock, true);
    const { socket, facts } = fakeSocket();
    enterOften(gates, socket, 256 + 255, false);
    clock.advance(10_001);
    enterOften(gates, socket, 200, false);
    expect(facts.ended).toBe('');
  });

  it.each([
    ['in the websocket', (facts: ReturnType<typeof fakeSocket>['facts']) => (facts.bufferedAmount = 1024 * 1024)],
    [
      'before it',
      (facts: ReturnType<typeof fakeSocket>['facts']) => facts.writeBuffer.push({}, { data: 'x'.repeat(1024 * 1024) }),
    ],
  ])('cuts a connection off that goes on although a megabyte waits %s', (_name, fill) => {
    const gates = new EventGates(new FakeClock(), true);
    const { socket, facts } = fakeSocket();
    fill(facts);
    expect(enterOften(gates, socket, 255)).toBe(0);
    expect(facts.ended).toBe('');
    enterOften(gates, socket, 1);
    expect(facts.ended).toBe('cut off');
  });

  it('refuses while a thousand packets wait, and tells the connection to go that goes on', () => {
    const gates = new EventGates(new FakeClock(), true);
    const { socket, facts } = fakeSocket();
    facts.writeBuffer.push(...Array.from({ length: 1025 }, () => ({ data: 'x' })));
    expect(enterOften(gates, socket, 256)).toBe(0);
    expect(facts.ended).toBe('told to go');
  });
});
