import { TalksyError } from '../common/errors/talksy-error.js';
import type { AiConfig, ModelCapability } from '../config/config.js';
import type { ChatModel, ModelRequest } from './chat-model.port.js';
import type { ChatModels } from './chat-models.js';
import { isMockAlias, isMockName } from './providers/mock/mock-names.js';

/** A model that this server offers, as a list of models shows it. */
export interface ModelCard {
  id: string;
  provider: string;
  /** How much of a conversation it is shown. */
  contextTokens: number;
  /** Undefined: everything. */
  capabilities?: readonly ModelCapability[];
}

/** A provider that may be asked for an answer, and the name of the model to ask it for. */
export interface Candidate extends ModelCard {
  model: ChatModel;
}

/** Which provider serves which model: the defaults of the chain, and what the configuration lists beside them. */
export class ModelTable {
  private readonly cards: readonly Candidate[];
  private readonly defaults: readonly Candidate[];

  constructor(
    private readonly models: ChatModels,
    private readonly config: Pick<AiConfig, 'models' | 'contextTokens'>,
  ) {
    const { chain, mock } = models;
    this.defaults = chain.map((model) => this.cardOf(model, model.defaultModel));
    const listed = config.models.flatMap(({ id, provider }) => {
      const model = [...chain, mock].find(({ name }) => name === provider);
      return model ? [this.cardOf(model, id)] : [];
    });
    const all = [...this.defaults, ...listed, this.cardOf(mock, mock.defaultModel)];
    this.cards = all.filter((card, at) => all.findIndex(({ id }) => id === card.id) === at);
  }

  list(): ModelCard[] {
    return this.cards.map(({ model: _model, ...card }) => card);
  }

  /**
   * Who may answer, in order: whoever serves the requested model, then the rest of the chain with their own models. A
   * mock's name means the mock alone. Throws VALIDATION_ERROR for a name that nobody serves.
   */
  candidates(requested?: string): readonly Candidate[] {
    const { chain, mock } = this.models;
    if (requested === undefined) return this.defaults;
    if (isMockName(requested)) return [this.cardOf(mock, requested)];
    const card = this.cards.find(({ id }) => id === requested) ?? this.aliasOf(requested);
    if (card) return [card, ...this.defaults.filter(({ model }) => model !== card.model)];
    const offered = chain.length > 0 ? this.cards.map(({ id }) => id).join(', ') : 'none';
    const message = `model "${requested}" is unknown; this server offers ${offered}`;
    throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field: 'model', message }] });
  }

  private aliasOf(requested: string): Candidate | undefined {
    const { chain, mock } = this.models;
    return chain[0] === mock && isMockAlias(requested) ? this.cardOf(mock, requested) : undefined;
  }

  private cardOf(model: ChatModel, id: string): Candidate {
    const entry = this.config.models.find((found) => found.id === id && found.provider === model.name);
    return {
      model,
      id,
      provider: model.name,
      contextTokens: entry?.contextTokens ?? this.config.contextTokens,
      ...(entry?.capabilities && { capabilities: entry.capabilities }),
    };
  }
}

/** Those who can do what the request needs. Throws VALIDATION_ERROR where nobody can. */
export function capableOf(
  candidates: readonly Candidate[],
  { tools, responseSchema, messages }: Pick<ModelRequest, 'tools' | 'responseSchema' | 'messages'>,
): readonly Candidate[] {
  const needed: ModelCapability[] = [];
  if (tools?.length) needed.push('tools');
  if (responseSchema) needed.push('json_schema');
  if (asksToSee(messages)) needed.push('vision');
  const capable = candidates.filter(({ capabilities: can }) => needed.every((need) => can?.includes(need) ?? true));
  if (capable.length > 0) return capable;
  const message = `model "${candidates[0]?.id}" cannot do what was asked: ${needed.join(', ')}`;
  throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field: 'model', message }] });
}

/** Pictures further back are left out for models that do not see. */
function asksToSee(messages: ModelRequest['messages']): boolean {
  const asked = messages.findLast(({ role }) => role === 'user');
  return asked?.role === 'user' && (asked.images?.length ?? 0) > 0;
}
