import { check } from 'k6';
import { clearTimeout, setTimeout } from 'k6/timers';
import { ownOf } from '../lib/accounts.js';
import { answering, chunks, connecting, firstChunk, limited, toolCalls, whole } from '../lib/measures.js';
import { TalksySocket } from '../lib/socket.js';

const ANSWER_LIMIT_MS = 120_000;

/** @typedef {{accounts: import('../lib/accounts.js').Account[]}} Data */

/**
 * Connects, hands the socket over when its session is there, and closes it when `work` calls `done`.
 * @param {Data} data @param {(socket: TalksySocket, done: () => void) => void} work
 */
function withSession({ accounts }, work) {
  const startedAt = Date.now();
  const socket = new TalksySocket({ token: ownOf(accounts).accessToken });
  const timer = setTimeout(() => socket.close(), ANSWER_LIMIT_MS);
  const done = () => {
    clearTimeout(timer);
    socket.close();
  };
  socket.on('connect_error', () => {
    check(null, { connected: () => false });
    done();
  });
  socket.on('SESSION_CREATED', () => {
    connecting.add(Date.now() - startedAt);
    check(null, { connected: () => true });
    work(socket, done);
  });
}

/** Connects and leaves. @param {Data} data */
export const connectRound = (data) => withSession(data, (_socket, done) => done());

/** A whole answer at once. @param {Data} data */
export const messageRound = (data) =>
  withSession(data, (socket, done) => {
    const startedAt = Date.now();
    socket.emit('user_message', { text: 'Tell me something.' }, (ack) => {
      answering.add(Date.now() - startedAt);
      check(ack, { answered: ({ ok, data: answer }) => ok && answer.text.length > 0 });
      done();
    });
  });

/** An answer as it is written, whose indices must have no gap. @param {Data} data */
export const streamRound = (data) =>
  withSession(data, (socket, done) => {
    const startedAt = Date.now();
    let next = 0;
    let isWhole = true;
    socket.on('stream_chunk', ({ index }) => {
      if (next === 0) firstChunk.add(Date.now() - startedAt);
      isWhole = isWhole && index === next++;
      chunks.add(1);
    });
    socket.on('stream_end', ({ lastIndex, error }) => {
      answering.add(Date.now() - startedAt);
      whole.add(isWhole && lastIndex === next - 1 && !error);
      done();
    });
    socket.emit('user_message_stream', { text: 'Tell me more.' });
  });

/** A tool, called directly. @param {Data} data */
export const socketToolRound = (data) =>
  withSession(data, (socket, done) => {
    const startedAt = Date.now();
    socket.emit('call_tool', { toolName: 'calculator', parameters: { expression: '17*23' } }, (ack) => {
      toolCalls.add(Date.now() - startedAt);
      check(ack, { calculated: ({ ok, data: answer }) => ok && answer.result.success });
      done();
    });
  });

/** Messages until the limit says no: the refusal must name its code and when to come again. @param {Data} data */
export const limitRound = (data) =>
  withSession(data, (socket, done) => {
    let left = 15;
    const send = () =>
      socket.emit('user_message', { text: 'exactly: ok' }, ({ ok, error }) => {
        if (!ok) limited.add(error.code === 'RATE_LIMIT_EXCEEDED' && error.retryAfterMs > 0);
        if (ok && --left > 0) return send();
        return done();
      });
    send();
  });
