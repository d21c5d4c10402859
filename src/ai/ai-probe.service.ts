import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../common/health-probe.js';
import { ChatModels } from './chat-models.js';
import { ProviderHealth } from './provider-health.js';

/** Tells how the last answers of the chain's providers went, and who stands in for whom. Never calls a vendor. */
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
    const { chain, leftOut } = this.models;
    const asked = chain.map(({ name }) => this.health.factsOf(name));
    const missing = leftOut.map((name) => ({ name, status: 'unhealthy', circuit: 'closed', reason: 'not configured' }));
    const isWell = missing.length === 0 && asked.every(({ status }) => status === 'healthy');
    const answering = asked.find(({ circuit }) => circuit === 'closed')?.name;
    const isMockUnasked = answering === 'mock' && (chain[0]?.name !== 'mock' || missing.length > 0);
    return {
      status: isWell ? 'healthy' : 'degraded',
      providers: [...asked.map(({ name, status, circuit }) => ({ name, status, circuit })), ...missing],
      ...(isMockUnasked && { standIn: 'mock' }),
    };
  }
}
