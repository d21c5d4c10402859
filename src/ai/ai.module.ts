import { Module } from '@nestjs/common';
import { AiConfig } from '../config/config.js';
import { AiProbe } from './ai-probe.service.js';
import { AttemptTiming } from './attempts/attempt-timing.js';
import { ChatModels, openChatModels } from './chat-models.js';
import { ModelRouter } from './model-router.service.js';
import { ProviderHealth } from './provider-health.js';

/** Answers of models; other rooms ask the ModelRouter, metrics the ProviderHealth. */
@Module({
  providers: [
    AiProbe,
    AttemptTiming,
    ModelRouter,
    ProviderHealth,
    { provide: ChatModels, useFactory: openChatModels, inject: [AiConfig] },
  ],
  exports: [ModelRouter, ProviderHealth],
})
export class AiModule {}
