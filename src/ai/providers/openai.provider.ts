import type { VendorConfig } from '../../config/config.js';
import { type CompletionsClient, CompletionsModel, NO_KEY, SDK_OPTIONS } from './vendor/completions-model.js';

const OPENAI_URL = 'https://api.openai.com/v1';

/** OpenAI, or another server that speaks its API, through the official SDK. */
export class OpenAiProvider extends CompletionsModel {
  private constructor(defaultModel: string, client: CompletionsClient) {
    super('openai', defaultModel, client);
  }

  /** Loads the SDK; only a server that uses it pays for it. */
  static async load({ apiKey = NO_KEY, baseUrl = OPENAI_URL, model }: VendorConfig): Promise<OpenAiProvider> {
    const { OpenAI } = await import('openai');
    // The SDK would read organization and project from the environment, past our configuration.
    const client = new OpenAI({ ...SDK_OPTIONS, apiKey, baseURL: baseUrl, organization: null, project: null });
    return new OpenAiProvider(model, {
      open: (request, options) =>
        client.chat.completions.create({ ...request, stream_options: { include_usage: true } }, options),
      errors: { timeout: OpenAI.APIConnectionTimeoutError, connection: OpenAI.APIConnectionError },
    });
  }
}
