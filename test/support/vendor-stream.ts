import type { UpstreamScript, UpstreamStep } from './fake-upstream.js';

/** How the events of a stream are cut into packets. */
export interface StreamShape {
  /** `event`: each its own packet. `joined`: all in one. A number: so many bytes each, wherever that cuts. */
  packets?: 'event' | 'joined' | number;
  newline?: '\n' | '\r\n';
  /** A comment line before each event, as proxies send them to keep a connection open. */
  comments?: boolean;
}

const META = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: 'fake-model' };

/** A chunk with one delta, e.g. `{content: 'Hel'}`. */
export const deltaChunk = (delta: object, finish: string | null = null): object => ({
  ...META,
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
});

const counts = (prompt: number, completion: number): object => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});

/** OpenAI's last chunk: no choices, but the usage. */
export const usageChunk = (prompt: number, completion: number): object => ({
  ...META,
  choices: [],
  usage: counts(prompt, completion),
});

/** Groq's last chunk: the finish and, in its own field, the usage. */
export const groqFinishChunk = (reason: string, prompt: number, completion: number): object => ({
  ...deltaChunk({}, reason),
  x_groq: { id: 'req_1', usage: counts(prompt, completion) },
});

/** The chunks of a whole answer in the given texts, as OpenAI sends it. */
export const answerChunks = (texts: readonly string[], reason = 'stop'): object[] => [
  deltaChunk({ role: 'assistant', content: '' }),
  ...texts.map((content) => deltaChunk({ content })),
  deltaChunk({}, reason),
];

/** The packets of a stream of these chunks. `[DONE]` goes like any other event. */
export function streamSteps(chunks: readonly (object | string)[], shape: StreamShape = {}): UpstreamStep[] {
  const { packets = 'event', newline = '\n', comments = false } = shape;
  const events = chunks.map((chunk) => {
    const data = typeof chunk === 'string' ? chunk : JSON.stringify(chunk);
    return `${comments ? `: keep-alive${newline}${newline}` : ''}data: ${data}${newline}${newline}`;
  });
  if (packets === 'event') return events.map((send) => ({ send }));
  const bytes = Buffer.from(events.join(''));
  return packets === 'joined' ? [{ send: bytes }] : cutBytes(bytes, packets);
}

/** A script that answers with these texts, counts usage (11 in, one for each text out) and ends properly. */
export function answerScript(texts: readonly string[], shape: StreamShape = {}): UpstreamScript {
  return { steps: streamSteps([...answerChunks(texts), usageChunk(11, texts.length), '[DONE]'], shape) };
}

/** A script that fails before any event, with a body as a vendor or a proxy before it sends one. */
export function failureScript(status: number, body: string, headers: Record<string, string> = {}): UpstreamScript {
  const type = body.startsWith('<') ? 'text/html' : 'application/json';
  return { status, headers: { 'content-type': type, ...headers }, steps: [{ send: body }] };
}

/** A stream that says the texts and then nothing more, with the connection left open. */
export function silenceScript(texts: readonly string[]): UpstreamScript {
  const chunks = answerChunks(texts).slice(0, -1);
  return { steps: [...streamSteps(chunks), { until: new Promise<never>(() => undefined) }] };
}

function cutBytes(bytes: Buffer, size: number): UpstreamStep[] {
  const packets: UpstreamStep[] = [];
  for (let at = 0; at < bytes.length; at += size) packets.push({ send: bytes.subarray(at, at + size) });
  return packets;
}
