import type { ChatModel, ModelPart, ModelRequest } from '../../src/ai/chat-model.port.js';
import type { ModelScene, ModelStage } from '../../src/ai/providers/chat-model.contract.js';
import type { FakeUpstream, UpstreamScript } from './fake-upstream.js';
import { answerChunks, deltaChunk, groqFinishChunk, silenceScript, streamSteps, usageChunk } from './vendor-stream.js';

/** How a vendor closes an answer: the finish and the usage, in one chunk or in two. */
export type VendorEnd = (reason: string, prompt: number, completion: number) => object[];

export const openAiEnd: VendorEnd = (reason, prompt, completion) => [
  deltaChunk({}, reason),
  usageChunk(prompt, completion),
];
export const groqEnd: VendorEnd = (reason, prompt, completion) => [groqFinishChunk(reason, prompt, completion)];

export const QUESTION: ModelRequest = {
  model: 'fake-model',
  messages: [{ role: 'user', content: 'Hello' }],
  requestId: 'request-1',
};

/** A vendor's adapter before a fake upstream, as the chat model contract wants to see it. */
export function vendorStage(upstream: FakeUpstream, model: ChatModel, end: VendorEnd): ModelStage {
  const scene = (script: UpstreamScript): ModelScene => {
    const nth = upstream.requests.length;
    upstream.script(script);
    return { model, request: QUESTION, left: () => leftEarly(upstream, nth) };
  };
  return {
    says: (text) => {
      // Each UTF-16 unit its own delta, so that pairs come in halves; each byte its own packet.
      const chunks = answerChunks(text.split('')).slice(0, -1);
      const words = text.split(/\s+/).length;
      return scene({ steps: streamSteps([...chunks, ...end('stop', 11, words), '[DONE]'], { packets: 1 }) });
    },
    calls: (name) => scene({ steps: streamSteps([...callChunks(name), ...end('tool_calls', 11, 4), '[DONE]']) }),
    hangs: () => scene(silenceScript(['Let me think'])),
    fails: (secret) => {
      const chunks = answerChunks(['Well, ']).slice(0, -1);
      return scene({ steps: streamSteps([...chunks, { error: { message: secret, type: 'server_error' } }]) });
    },
  };
}

/** All parts of an answer. */
export async function answerOf(model: ChatModel, request: ModelRequest = QUESTION): Promise<ModelPart[]> {
  const parts: ModelPart[] = [];
  for await (const batch of model.stream(request, new AbortController().signal)) parts.push(...batch);
  return parts;
}

/** A tool call as vendors stream it: id and name first, then the arguments in pieces. */
export const callChunks = (name: string, callArguments = '{"city":"sample"}'): object[] => [
  deltaChunk({
    role: 'assistant',
    content: null,
    tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name, arguments: '' } }],
  }),
  ...callArguments
    .split(/(?<=:)/)
    .map((piece) => deltaChunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
];

async function leftEarly(upstream: FakeUpstream, nth: number): Promise<void> {
  await upstream.received(nth + 1);
  if ((await upstream.requests[nth]!.closed) !== 'aborted') throw new Error('the upstream finished its answer');
}
