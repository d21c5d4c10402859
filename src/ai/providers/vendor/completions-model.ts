import { ChatModel, type ModelPart, type ModelRequest } from '../../chat-model.port.js';
import { ProviderFailure } from '../../provider-failure.js';
import type { AnswerBody } from './answer-body.js';
import { AnswerReader } from './answer-reader.js';
import { type CompletionRequest, toCompletionRequest } from './completion-request.js';
import type { VendorErrors } from './provider-failure.js';
import { AnsweredResponse } from './vendor-fetch.js';

export interface CallOptions {
  signal: AbortSignal;
  headers: Record<string, string>;
}

/** What an SDK must do for us: open one streamed chat completion through `openVendorFetch`, and tell its errors. */
export interface CompletionsClient {
  open(request: CompletionRequest, options: CallOptions): Promise<Response>;
  readonly errors: VendorErrors;
}

/** Options of every SDK. Retries belong to the router, time limits to `readWithin`, and keys never into a log. */
export const SDK_OPTIONS = { maxRetries: 0, timeout: 2_147_483_647, logLevel: 'off' } as const;

/** Servers that need no key still get the header: the SDKs insist. */
export const NO_KEY = 'none';

/** A model behind an API that speaks OpenAI's chat completions. One batch is what came between two reads. */
export abstract class CompletionsModel extends ChatModel {
  protected constructor(
    override readonly name: string,
    override readonly defaultModel: string,
    private readonly client: CompletionsClient,
  ) {
    super();
  }

  override stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelPart[]> {
    const open = async (): Promise<AnswerBody> => bodyOf(await this.open(request, signal));
    return new AnswerReader(request, { open, errors: this.client.errors }, signal);
  }

  private open(request: ModelRequest, signal: AbortSignal): Promise<Response> {
    const headers = { 'x-client-request-id': request.requestId };
    return this.client.open(toCompletionRequest(request), { signal, headers });
  }
}

const FOREIGN_TYPE = /^(text\/html|application\/([\w.+-]*\+)?(json|xml))\b/i;

/** Throws PROVIDER_ERROR for a success that is no stream: a login page, or one JSON document. */
function bodyOf(response: Response): AnswerBody {
  if (!(response instanceof AnsweredResponse)) throw new Error('the SDK did not answer through our fetch');
  const type = response.headers.get('content-type') ?? '';
  if (!FOREIGN_TYPE.test(type)) return response.answer;
  response.answer.leave();
  throw new ProviderFailure('PROVIDER_ERROR', 'faulty', { cause: new Error(`content-type ${type}`) });
}
