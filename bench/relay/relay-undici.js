/** The same relay without the SDK: plain undici, and the lines of the stream split and parsed by hand. */
import { createServer } from 'node:http';
import express from 'express';
import { Server } from 'socket.io';
import { request } from 'undici';
import '../streams/measured-process.js';

const url = `${process.env.OPENAI_BASE_URL}/chat/completions`;
const app = express();
app.get('/health', (_request, response) => response.json({ status: 'ok' }));
const server = createServer(app);
const io = new Server(server, { serveClient: false });

async function* contents(text) {
  const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: text }], stream: true });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer none' };
  const answer = await request(url, { method: 'POST', headers, body });
  let rest = '';
  answer.body.setEncoding('utf8');
  for await (const packet of answer.body) {
    const lines = (rest + packet).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
      const content = JSON.parse(line.slice(6)).choices[0]?.delta?.content;
      if (content) yield content;
    }
  }
}

io.on('connection', (socket) => {
  socket.on('user_message_stream', async ({ text }) => {
    const runId = crypto.randomUUID();
    try {
      socket.emit('stream_start', { runId });
      let index = 0;
      for await (const content of contents(text)) socket.emit('stream_chunk', { runId, index: index++, content });
      socket.emit('stream_end', { runId, finishReason: 'stop' });
    } catch (error) {
      socket.emit('stream_end', { runId, finishReason: 'error', error: String(error) });
    }
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
