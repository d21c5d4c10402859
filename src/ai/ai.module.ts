import { Module } from '@nestjs/common';
import { AiConfig } from '../config/config.js';
import { AiProbe } from './ai-probe.service.js';
import { ChatModels, openChatModels } from './chat-models.js';
import { ModelRouter } from './model-router.service.js';
import { ProviderHealth } from './provider-health.js';

/** Answers of models; other rooms use the ModelRouter only. */
@Module({
  providers: [
    AiProbe,
    ModelRouter,
    ProviderHealth,
    { provide: ChatModels, useFactory: openChatModels, inject: [AiConfig] },
  ],
  exports: [ModelRouter],
})
export class AiModule {}
