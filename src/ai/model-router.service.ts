import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { AiConfig } from '../config/config.js';
import type { ChatModel, ModelPart, ModelRequest } from './chat-model.port.js';
import { ChatModels } from './chat-models.js';
import { withTimeouts } from './model-timeouts.js';
import { ProviderHealth } from './provider-health.js';
import { isMockAlias, isMockName } from './providers/mock/mock-names.js';

export interface ResolvedModel {
  model: ChatModel;
  modelName: string;
}

/** The one way to a model: knows which provider serves which name, keeps the timeouts and remembers how it went. */
@Injectable()
export class ModelRouter {
  constructor(
    private readonly models: ChatModels,
    private readonly health: ProviderHealth,
    private readonly config: AiConfig,
  ) {}

  /** Throws VALIDATION_ERROR for a name that nobody serves. A mock's name selects the mock, whoever is configured. */
  resolve(requestedModel?: string): ResolvedModel {
    const { chosen, mock } = this.models;
    const modelName = requestedModel ?? chosen.defaultModel;
    if (isMockName(modelName)) return { model: mock, modelName };
    const served = chosen === mock ? isMockAlias(modelName) : modelName === chosen.defaultModel;
    if (served) return { model: chosen, modelName };
    const message = `model "${modelName}" is unknown; this server offers ${chosen.defaultModel}`;
    throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field: 'model', message }] });
  }

  /** The answer as it comes. Rejects with PROVIDER_*, or with the signal's reason; then the vendor is hung up on. */
  async *stream(model: ChatModel, request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelPart[]> {
    const timeouts = { firstTokenMs: this.config.firstTokenTimeoutMs, idleMs: this.config.idleTimeoutMs };
    try {
      for await (const batch of withTimeouts((upstream) => model.stream(request, upstream), timeouts, signal)) {
        if (batch.some((part) => part.type !== 'activity')) yield batch;
      }
      this.health.succeeded(model.name);
    } catch (error) {
      this.health.failed(model.name, error);
      throw error;
    }
  }
}
