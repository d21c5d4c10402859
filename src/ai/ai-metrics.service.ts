import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics, type Sample } from '../observability/metrics.service.js';
import { ChatModels } from './chat-models.js';
import { type ProviderFacts, ProviderHealth } from './provider-health.js';

const CIRCUITS = ['closed', 'half-open', 'open'] as const;

/** What is counted of providers. */
@Injectable()
export class AiMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly models: ChatModels,
    private readonly health: ProviderHealth,
  ) {}

  onModuleInit(): void {
    const labels = ['provider'];
    this.metrics.countElsewhere(
      { name: 'talksy_provider_attempts_total', help: 'Times that a provider was asked.', labels },
      () => this.facts().map(({ name, attempts }) => sampleOf(name, attempts)),
    );
    this.metrics.countElsewhere(
      { name: 'talksy_provider_failures_total', help: 'Times that a provider failed by its own fault.', labels },
      () => this.facts().map(({ name, failures }) => sampleOf(name, failures)),
    );
    this.metrics.gauge(
      {
        name: 'talksy_provider_circuit_state',
        help: '1 for the state that the circuit of a provider is in.',
        labels: ['provider', 'state'],
      },
      () => this.facts().flatMap(circuitOf),
    );
  }

  private facts(): ProviderFacts[] {
    const { chain, mock } = this.models;
    const names = new Set([...chain, mock].map(({ name }) => name));
    return [...names].map((name) => this.health.factsOf(name));
  }
}

const sampleOf = (provider: string, value: number): Sample => ({ labels: { provider }, value });

const circuitOf = ({ name, circuit }: ProviderFacts): Sample[] =>
  CIRCUITS.map((state) => ({ labels: { provider: name, state }, value: state === circuit ? 1 : 0 }));
