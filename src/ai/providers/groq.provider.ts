import type { AiConfig, VendorConfig } from '../../config/config.js';
import type { ChatModel } from '../chat-model.port.js';
import { type CompletionsClient, CompletionsModel, NO_KEY, SDK_OPTIONS } from './vendor/completions-model.js';
import { keepHeaders } from './vendor/kept-headers.js';
import { openVendorFetch } from './vendor/vendor-fetch.js';

const GROQ_URL = 'https://api.groq.com';

/** Groq through its official SDK, which asks for /openai/v1/chat/completions. It counts usage unasked, in `x_groq`. */
export class GroqProvider extends CompletionsModel {
  private constructor(defaultModel: string, client: CompletionsClient) {
    super('groq', defaultModel, client);
  }

  /** Loads the SDK; only a server that uses it pays for it. */
  static async load(
    { apiKey = NO_KEY, baseUrl = GROQ_URL, model }: VendorConfig,
    connectTimeoutMs = 5000,
  ): Promise<GroqProvider> {
    const [{ Groq }, fetch] = await Promise.all([import('groq-sdk'), openVendorFetch(connectTimeoutMs)]);
    const client = new Groq({ ...SDK_OPTIONS, apiKey, baseURL: baseUrl, fetch });
    keepHeaders(client);
    return new GroqProvider(model, {
      open: (request, options) => client.chat.completions.create(request, options).asResponse(),
      errors: { timeout: Groq.APIConnectionTimeoutError, connection: Groq.APIConnectionError },
    });
  }
}

/** As the configuration has it. */
export const open = ({ vendors, connectTimeoutMs }: AiConfig): Promise<ChatModel> =>
  GroqProvider.load(vendors.groq, connectTimeoutMs);
