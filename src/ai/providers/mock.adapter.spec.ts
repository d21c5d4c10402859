import { failingCases, proveContract } from '../../../test/support/contract.js';
import type { ChatModel, ModelPart, ModelRequest } from '../chat-model.port.js';
import { chatModelContract, type ModelScene, type ModelStage } from './chat-model.contract.js';
import { MockProvider } from './mock.provider.js';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };
const FAST = { tokens: 20, tokenDelayMs: 0, firstTokenDelayMs: 0, failAtToken: undefined };
const NEVER_MS = 2_000_000_000;

/** The stage of the mock; `wrap` may spoil the model. */
function mockStage(wrap: (model: ChatModel) => ChatModel = (model) => model): ModelStage {
  const scene = (content: string, config: object = {}, extras: Partial<ModelRequest> = {}): ModelScene => ({
    model: wrap(new MockProvider({ ...FAST, ...config })),
    request: { model: 'mock', messages: [{ role: 'user', content }], requestId: 'r', ...extras },
    left: () => Promise.resolve(),
  });
  return {
    says: (text) => scene(`Say exactly: ${text}`),
    calls: (name) => scene('What is the weather?', {}, { tools: [{ name, parameters: SCHEMA }] }),
    hangs: () => scene('Hello', { tokenDelayMs: NEVER_MS }),
    fails: (secret) => scene(secret, { failAtToken: 2 }),
  };
}

describe('The mock provider', () => {
  proveContract(chatModelContract, () => mockStage());
});

type Spoil = (parts: AsyncIterable<readonly ModelPart[]>, signal: AbortSignal) => AsyncIterable<readonly ModelPart[]>;

/** A model with one planted bug. */
function spoiled(spoil: Spoil): () => ModelStage {
  return () =>
    mockStage((model) => ({
      name: model.name,
      defaultModel: model.defaultModel,
      stream: (request, signal) => spoil(model.stream(request, signal), signal),
    }));
}

const mapParts = (change: (part: ModelPart) => readonly ModelPart[]): Spoil =>
  async function* (batches) {
    for await (const batch of batches) yield batch.flatMap(change);
  };

const halves = (text: string): ModelPart[] => text.split('').map((unit) => ({ type: 'text', text: unit }));

describe('The chat model contract catches', () => {
  it.each<[string, Spoil, string]>([
    [
      'an empty batch',
      async function* (batches) {
        yield [];
        yield* batches;
      },
      '1: gives the answer in order and never an empty batch',
    ],
    [
      'a second finish',
      mapParts((part) => (part.type === 'finish' ? [part, part] : [part])),
      '2: finishes once, and gives the usage once',
    ],
    [
      'text behind the finish',
      mapParts((part) => (part.type === 'finish' ? [part, { type: 'text', text: 'more' }] : [part])),
      '2: finishes once, and gives the usage once',
    ],
    [
      'a call without arguments',
      mapParts((part) => (part.type === 'tool-call' ? [{ ...part, call: { ...part.call, arguments: '' } }] : [part])),
      '2: gives a tool call whole, and finishes for it',
    ],
    [
      'half a surrogate pair',
      mapParts((part) => (part.type === 'text' ? halves(part.text) : [part])),
      '3: breaks no character, wherever the packets are cut',
    ],
    [
      'a stop that ends the answer as if it were whole',
      async function* (batches, signal) {
        try {
          yield* batches;
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      },
      '4: stops at once when the signal aborts, and leaves the upstream',
    ],
    [
      'a failure that repeats the vendor',
      async function* (batches) {
        try {
          yield* batches;
        } catch {
          throw new Error('401 Incorrect API key provided: sk-secret-of-the-vendor');
        }
      },
      '5: fails with an error of ours that holds nothing of the vendor',
    ],
  ])('%s', async (_bug, spoil, caughtBy) => {
    const suspects = chatModelContract.filter(({ name }) => name === caughtBy);
    expect(await failingCases(suspects, spoiled(spoil))).toEqual([caughtBy]);
  });
});
