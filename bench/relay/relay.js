/** What one writes by hand: Express, Socket.IO and the `openai` SDK, one frame per token. Stores and checks nothing. */
import { createServer } from 'node:http';
import express from 'express';
import OpenAI from 'openai';
import { Server } from 'socket.io';
import '../streams/measured-process.js';

const openai = new OpenAI({ apiKey: 'none', baseURL: process.env.OPENAI_BASE_URL, maxRetries: 0 });
const app = express();
app.get('/health', (_request, response) => response.json({ status: 'ok' }));
const server = createServer(app);
const io = new Server(server, { serveClient: false });

io.on('connection', (socket) => {
  socket.on('user_message_stream', async ({ text }) => {
    const runId = crypto.randomUUID();
    try {
      socket.emit('stream_start', { runId });
      const messages = [{ role: 'user', content: text }];
      const stream = await openai.chat.completions.create({ model: 'bench', messages, stream: true });
      let index = 0;
      for await (const chunk of stream) {
        const content = chunk.choices[0]?.delta?.content;
        if (content) socket.emit('stream_chunk', { runId, index: index++, content });
      }
      socket.emit('stream_end', { runId, finishReason: 'stop' });
    } catch (error) {
      socket.emit('stream_end', { runId, finishReason: 'error', error: String(error) });
    }
  });
});

server.listen(0, '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
