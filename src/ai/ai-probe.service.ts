import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { ChatModels } from './chat-models.js';
import { ProviderHealth } from './provider-health.js';

/** Tells how the last answer of the configured provider went. Never calls a vendor. */
@Injectable()
export class AiProbe implements HealthProbe, OnModuleInit {
  readonly name = 'ai';
  readonly required = false;

  constructor(
    private readonly probes: HealthProbes,
    private readonly models: ChatModels,
    private readonly health: ProviderHealth,
  ) {}

  onModuleInit(): void {
    this.probes.register(this);
  }

  async check(): Promise<ProbeReport> {
    const { name } = this.models.chosen;
    const status = this.health.statusOf(name);
    return { status, providers: [{ name, status, circuit: 'closed' }] };
  }
}
