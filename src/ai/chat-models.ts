import type { AiConfig } from '../config/config.js';
import type { ChatModel } from './chat-model.port.js';
import { GroqProvider } from './providers/groq.provider.js';
import { MockProvider } from './providers/mock.provider.js';
import { OpenAiProvider } from './providers/openai.provider.js';

/** The providers of this server: the configured one and, always, the mock. */
export class ChatModels {
  constructor(
    readonly chosen: ChatModel,
    readonly mock: ChatModel,
  ) {}
}

/** Loads a vendor's SDK only where that vendor is chosen: each costs a fifth of a second and 32 MB. */
export async function openChatModels(config: AiConfig): Promise<ChatModels> {
  const mock = new MockProvider(config.mock);
  switch (config.provider) {
    case 'mock':
      return new ChatModels(mock, mock);
    case 'openai':
      return new ChatModels(await OpenAiProvider.load(config.openai), mock);
    case 'groq':
      return new ChatModels(await GroqProvider.load(config.groq), mock);
  }
}
