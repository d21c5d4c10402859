/**
 * What is left when everything is left out: plain undici, the bytes of the stream searched for their text, what came in
 * 25 ms sent together, as packets put together by hand. No escapes, no errors, no backpressure: not a server for anybody,
 * but the floor of this machine, below which no relay of this kind comes.
 */
import { createServer } from 'node:http';
import express from 'express';
import { Server } from 'socket.io';
import { Agent, request } from 'undici';
import '../streams/measured-process.js';

const TICK_MS = 25;
const BEFORE = '"delta":{"content":"';
const url = `${process.env.OPENAI_BASE_URL}/chat/completions`;
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
const server = createServer(express());
const io = new Server(server, { serveClient: false });

let due = [];

function flushAll() {
  const answers = due;
  due = [];
  for (const answer of answers) answer.flush();
}

class Answer {
  runId = crypto.randomUUID();
  index = 0;
  rest = '';
  text = '';

  constructor(connection) {
    this.connection = connection;
  }

  async play(question) {
    this.emit('stream_start', { runId: this.runId });
    const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: question }], stream: true });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer none' };
    const answer = await request(url, { method: 'POST', headers, body, dispatcher });
    answer.body.on('data', (packet) => this.take(packet.toString('utf8')));
    answer.body.on('end', () => {
      this.flush();
      this.emit('stream_end', { runId: this.runId, finishReason: 'stop' });
    });
  }

  take(packet) {
    const all = this.rest + packet;
    const wasEmpty = this.text === '';
    let at = 0;
    for (let end = all.indexOf('\n\n'); end >= 0; end = all.indexOf('\n\n', at)) {
      const begin = all.indexOf(BEFORE, at) + BEFORE.length;
      if (begin > BEFORE.length && begin < end) this.text += all.slice(begin, all.indexOf('"}', begin));
      at = end + 2;
    }
    this.rest = all.slice(at);
    if (this.text === '') return;
    if (this.index === 0) this.flush();
    else if (wasEmpty && due.push(this) === 1) setTimeout(flushAll, TICK_MS);
  }

  flush() {
    const { runId, text } = this;
    if (text === '') return;
    this.connection.write(`2["stream_chunk",{"runId":"${runId}","index":${this.index++},"content":"${text}"}]`);
    this.text = '';
  }

  emit(event, payload) {
    this.connection.write(`2${JSON.stringify([event, payload])}`);
  }
}

io.on('connection', (socket) => {
  socket.on('user_message_stream', ({ text }) => void new Answer(socket.conn).play(text));
});

server.listen(0, '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
