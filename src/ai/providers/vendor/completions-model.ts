import { ChatModel, type ModelPart, type ModelRequest } from '../../chat-model.port.js';
import { CompletionAnswer } from './completion-answer.js';
import type { CompletionChunk } from './completion-chunk.js';
import { type CompletionRequest, toCompletionRequest } from './completion-request.js';
import { toProviderFailure, type VendorErrors } from './provider-failure.js';

export interface CallOptions {
  signal: AbortSignal;
  headers: Record<string, string>;
}

/** What an SDK must do for us: open one streamed chat completion. */
export interface CompletionsClient {
  open(request: CompletionRequest, options: CallOptions): PromiseLike<AsyncIterable<CompletionChunk | null>>;
  readonly errors: VendorErrors;
}

/** Options of every SDK. Retries belong to the router, time limits to `withTimeouts`, and keys never into a log. */
export const SDK_OPTIONS = { maxRetries: 0, timeout: 2_147_483_647, logLevel: 'off' } as const;

/** Servers that need no key still get the header: the SDKs insist. */
export const NO_KEY = 'none';

/** A model behind an API that speaks OpenAI's chat completions. */
export abstract class CompletionsModel extends ChatModel {
  protected constructor(
    override readonly name: string,
    override readonly defaultModel: string,
    private readonly client: CompletionsClient,
  ) {
    super();
  }

  override async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelPart[]> {
    signal.throwIfAborted();
    const answer = new CompletionAnswer(request);
    const headers = { 'X-Client-Request-Id': request.requestId };
    try {
      for await (const chunk of await this.client.open(toCompletionRequest(request), { signal, headers })) {
        signal.throwIfAborted();
        const parts = answer.add(chunk);
        if (parts.length > 0) yield parts;
      }
    } catch (error) {
      signal.throwIfAborted();
      // A connection that breaks behind the finish took nothing away but the vendor's count.
      if (!answer.finished) throw toProviderFailure(error, this.client.errors);
    }
    signal.throwIfAborted();
    yield answer.end();
  }
}
