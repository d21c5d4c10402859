import { TalksyError } from '../../common/errors/talksy-error.js';
import type { ContractCase } from '../../../test/support/contract.js';
import { within } from '../../../test/support/within.js';
import type { ChatModel, ModelPart, ModelRequest } from '../chat-model.port.js';

/** A model and a request that leads to what the scene is about. */
export interface ModelScene {
  model: ChatModel;
  request: ModelRequest;
  /** Resolves when the model has left its upstream in the middle of the answer. */
  left: () => Promise<unknown>;
}

/** How each provider is brought to show what the contract is about. */
export interface ModelStage {
  /** A whole answer of this text, cut at its most awkward places. */
  says(text: string): ModelScene;
  /** Calls the tool of this name. */
  calls(tool: string): ModelScene;
  /** Begins to answer and then hangs. */
  hangs(): ModelScene;
  /** Fails after its first words, with these words in what the upstream says of it. */
  fails(secret: string): ModelScene;
}

const NEVER = new AbortController().signal;
const TEXT = 'Grüße, 世界! 👋🏽 One  two\n\nthree 👩‍👩‍👧‍👦.';

async function batchesOf({ model, request }: ModelScene, signal = NEVER): Promise<(readonly ModelPart[])[]> {
  const batches: (readonly ModelPart[])[] = [];
  for await (const batch of model.stream(request, signal)) batches.push(batch);
  return batches;
}

const textsOf = (parts: readonly ModelPart[]): string[] =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));

const partsOf = async (scene: ModelScene): Promise<ModelPart[]> => (await batchesOf(scene)).flat();

const outcomeOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'ended',
    (error: unknown) => error,
  );

/** Reads up to the first batch; the iteration then waits for the next. */
async function begun({ model, request }: ModelScene, signal: AbortSignal): Promise<AsyncIterator<unknown>> {
  const iterator = model.stream(request, signal)[Symbol.asyncIterator]();
  await within('the first batch', iterator.next());
  return iterator;
}

/** What every provider must keep; the numbers are those of the port's guarantees. */
export const chatModelContract: readonly ContractCase<ModelStage>[] = [
  {
    name: '1: gives the answer in order and never an empty batch',
    prove: async (stage) => {
      const batches = await batchesOf(stage.says(TEXT));
      expect(batches.filter((batch) => batch.length === 0)).toEqual([]);
      expect(textsOf(batches.flat()).join('')).toBe(TEXT);
    },
  },
  {
    name: '2: finishes once, and gives the usage once',
    prove: async (stage) => {
      const parts = await partsOf(stage.says('one two three'));
      const types = parts.map(({ type }) => type);
      expect(types.filter((type) => type === 'finish')).toHaveLength(1);
      expect(types.slice(types.indexOf('finish') + 1).filter((type) => type !== 'usage')).toEqual([]);
      expect(parts.filter(({ type }) => type === 'usage')).toEqual([
        { type: 'usage', usage: expect.objectContaining({ completionTokens: 3, totalTokens: expect.any(Number) }) },
      ]);
      expect(parts).toContainEqual({ type: 'finish', reason: 'stop' });
    },
  },
  {
    name: '2: gives a tool call whole, and finishes for it',
    prove: async (stage) => {
      const parts = await partsOf(stage.calls('get_weather'));
      const call = { callId: expect.stringMatching(/./), name: 'get_weather', arguments: '{"city":"sample"}' };
      expect(parts.filter(({ type }) => type === 'tool-call')).toEqual([{ type: 'tool-call', call }]);
      expect(parts).toContainEqual({ type: 'finish', reason: 'tool_calls' });
    },
  },
  {
    name: '3: breaks no character, wherever the packets are cut',
    prove: async (stage) => {
      const texts = textsOf(await partsOf(stage.says(TEXT)));
      expect(texts.filter((text) => !text.isWellFormed() || text.includes('\uFFFD'))).toEqual([]);
      expect(Buffer.from(texts.join(''))).toEqual(Buffer.from(TEXT));
    },
  },
  {
    name: '4: stops at once when the signal aborts, and leaves the upstream',
    prove: async (stage) => {
      const scene = stage.hangs();
      const stop = new AbortController();
      const iterator = await begun(scene, stop.signal);
      const next = outcomeOf(iterator.next());
      const reason = new Error('the user has had enough');
      stop.abort(reason);
      expect(await within('the rejection', next, 1000)).toBe(reason);
      await within('leaving the upstream', scene.left());
    },
  },
  {
    name: '4: leaves the upstream when the consumer leaves',
    prove: async (stage) => {
      const scene = stage.hangs();
      const iterator = await begun(scene, NEVER);
      await within('the return', iterator.return!());
      await within('leaving the upstream', scene.left());
    },
  },
  {
    name: '4: gives nothing to a signal that has aborted before',
    prove: async (stage) => {
      const reason = new Error('too late');
      expect(await within('the rejection', outcomeOf(batchesOf(stage.hangs(), AbortSignal.abort(reason))))).toBe(
        reason,
      );
    },
  },
  {
    name: '5: fails with an error of ours that holds nothing of the vendor',
    prove: async (stage) => {
      const secret = 'sk-secret-of-the-vendor';
      const error = await within('the failure', outcomeOf(batchesOf(stage.fails(secret))));
      expect(error).toBeInstanceOf(TalksyError);
      expect((error as TalksyError).code).toMatch(/^PROVIDER_/);
      expect((error as TalksyError).message).not.toContain(secret);
    },
  },
];
