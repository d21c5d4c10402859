import { Logger } from '@nestjs/common';
import type { AiConfig } from '../config/config.js';
import type { ProviderName } from '../config/vendors.js';
import type { ChatModel } from './chat-model.port.js';

/** The providers of this server: the chain in order of preference and, always, the mock. */
export class ChatModels {
  constructor(
    readonly chain: readonly ChatModel[],
    readonly mock: ChatModel,
    /** Named in the configuration, but without key or address. */
    readonly leftOut: readonly string[] = [],
  ) {}
}

/** What each file `providers/<name>.provider.ts` exports. */
interface ProviderFile {
  open(config: AiConfig): Promise<ChatModel>;
}

/** By its name, so that a further provider is a file there and a line in `config/vendors.ts`. */
async function openProvider(name: ProviderName, config: AiConfig): Promise<ChatModel> {
  const { open } = (await import(`./providers/${name}.provider.js`)) as ProviderFile;
  return open(config);
}

/** Loads a vendor's SDK only where that vendor is asked: each costs a fifth of a second and 32 MB. */
export async function openChatModels(config: AiConfig): Promise<ChatModels> {
  const chain = await Promise.all(config.chain.map((name) => openProvider(name, config)));
  const mock = chain.find(({ name }) => name === 'mock') ?? (await openProvider('mock', config));
  const logger = new Logger(ChatModels.name);
  for (const name of config.leftOut) {
    const prefix = name.toUpperCase();
    const rest = config.chain.join(', then ');
    logger.warn(`${name} is left out: neither ${prefix}_API_KEY nor ${prefix}_BASE_URL is set; ${rest} will answer`);
  }
  return new ChatModels(chain, mock, config.leftOut);
}
