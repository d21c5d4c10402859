import type { AiConfig, VendorConfig } from '../../config/config.js';
import type { ChatModel } from '../chat-model.port.js';
import { type CompletionsClient, CompletionsModel, NO_KEY, SDK_OPTIONS } from './vendor/completions-model.js';
import { keepHeaders } from './vendor/kept-headers.js';
import { openVendorFetch } from './vendor/vendor-fetch.js';

const OPENAI_URL = 'https://api.openai.com/v1';

/** OpenAI, or another server that speaks its API, through the official SDK. */
export class OpenAiProvider extends CompletionsModel {
  private constructor(defaultModel: string, client: CompletionsClient) {
    super('openai', defaultModel, client);
  }

  /** Loads the SDK; only a server that uses it pays for it. */
  static async load(
    { apiKey = NO_KEY, baseUrl = OPENAI_URL, model }: VendorConfig,
    connectTimeoutMs = 5000,
  ): Promise<OpenAiProvider> {
    const [{ OpenAI }, fetch] = await Promise.all([import('openai'), openVendorFetch(connectTimeoutMs)]);
    // The SDK would read organization and project from the environment, past our configuration.
    const options = { ...SDK_OPTIONS, apiKey, baseURL: baseUrl, organization: null, project: null, fetch };
    const client = new OpenAI(options);
    keepHeaders(client);
    return new OpenAiProvider(model, {
      open: (request, callOptions) =>
        client.chat.completions
          .create({ ...request, stream_options: { include_usage: true } }, callOptions)
          .asResponse(),
      errors: { timeout: OpenAI.APIConnectionTimeoutError, connection: OpenAI.APIConnectionError },
    });
  }
}

/** As the configuration has it. */
export const open = ({ vendors, connectTimeoutMs }: AiConfig): Promise<ChatModel> =>
  OpenAiProvider.load(vendors.openai, connectTimeoutMs);
