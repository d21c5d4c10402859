/**
 * The fake upstream, a process of its own: chat completions over SSE, one event and one write per token, at the pace
 * that the question asks for. Remembers when each token went out, on the machine's monotonic clock, and tells on request.
 */
import { createServer } from 'node:http';
import { readQuestion, token } from './answer-text.js';
import { clockMs } from './clock.js';
import { serveCommands } from './command-channel.js';

/** Seed → when the request came and when each token was written, in ms. */
const times = new Map();
const playing = new Set();
const TICK_MS = 1;

const server = createServer((request, response) => void answerTo(request, response));

async function answerTo(request, response) {
  const cameAt = clockMs();
  const packets = [];
  for await (const packet of request) packets.push(packet);
  const body = JSON.parse(Buffer.concat(packets).toString('utf8'));
  const asked = readQuestion(lastQuestion(body.messages));
  if (!asked) return void response.writeHead(400).end('{"error":{"message":"not a question of the bench"}}');
  response.socket.setNoDelay(true);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  const id = `chatcmpl-${asked.seed.toString(36).padStart(12, '0')}`;
  const frame = (delta, finish = null) =>
    `data: {"id":"${id}","object":"chat.completion.chunk","created":1790000000,"model":"${body.model}",` +
    `"system_fingerprint":"fp_bench","choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${JSON.stringify(finish)}}]}\n\n`;
  response.write(frame('{"role":"assistant","content":"","refusal":null}'));
  const sent = new Float64Array(asked.count);
  times.set(asked.seed, { cameAt, sent });
  const answer = { ...asked, response, frame, sent, n: 0, dueAt: clockMs() + asked.firstMs };
  playing.add(answer);
  response.once('close', () => playing.delete(answer));
}

function lastQuestion(messages) {
  const content = messages.findLast(({ role }) => role === 'user')?.content;
  return typeof content === 'string' ? content : (content?.[0]?.text ?? '');
}

function tick() {
  const now = clockMs();
  for (const answer of playing) while (answer.dueAt <= now && playing.has(answer)) step(answer);
}

function step(answer) {
  const { response, frame, sent, seed, count } = answer;
  if (answer.n < count) {
    sent[answer.n] = clockMs();
    response.write(frame(`{"content":${JSON.stringify(token(seed, answer.n++))}}`));
    // Streams drift apart instead of beating in step.
    answer.dueAt += answer.gapMs * (0.5 + Math.random());
    return;
  }
  playing.delete(answer);
  const usage = { prompt_tokens: 10, completion_tokens: count, total_tokens: count + 10 };
  response.write(frame('{}', 'stop'));
  response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
}

setInterval(tick, TICK_MS);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await serveCommands({
  ready: () => new Promise((resolve) => server.once('listening', () => resolve({ port: server.address().port }))),
  /** How many have asked since `times`. */
  asked: () => times.size,
  times: () => {
    const all = [...times].map(([seed, { cameAt, sent }]) => [seed, { cameAt, sent: [...sent] }]);
    times.clear();
    return all;
  },
  /** Ends the answers under way at once, whole: what is measured is over. */
  hurry: () => {
    for (const answer of playing) while (playing.has(answer)) step(answer);
  },
});
