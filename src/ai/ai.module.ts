import { Module } from '@nestjs/common';
import { AiConfig } from '../config/config.js';
import { MetricsModule } from '../observability/metrics.module.js';
import { AiMetrics } from './ai-metrics.service.js';
import { AiProbe } from './ai-probe.service.js';
import { AttemptTiming } from './attempts/attempt-timing.js';
import { ChatModels, openChatModels } from './chat-models.js';
import { ModelRouter } from './model-router.service.js';
import { ProviderHealth } from './provider-health.js';

/** Answers of models; other rooms ask the ModelRouter, metrics the ProviderHealth. */
@Module({
  imports: [MetricsModule],
  providers: [
    AiMetrics,
    AiProbe,
    AttemptTiming,
    ModelRouter,
    ProviderHealth,
    { provide: ChatModels, useFactory: openChatModels, inject: [AiConfig] },
  ],
  exports: [ModelRouter, ProviderHealth],
})
export class AiModule {}
