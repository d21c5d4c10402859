import { Injectable } from '@nestjs/common';
import { AiConfig } from '../config/config.js';
import { type CircuitPass, type CircuitStatus, ProviderCircuit } from './attempts/provider-circuit.js';
import { failureKindOf } from './provider-failure.js';

/** How a provider does, for health and metrics. */
export interface ProviderFacts {
  name: string;
  status: 'healthy' | 'degraded' | 'unhealthy';
  circuit: CircuitStatus;
  /** Since the start of this process. */
  attempts: number;
  failures: number;
}

interface Record {
  circuit: ProviderCircuit;
  attempts: number;
  failures: number;
  lastFailed: boolean;
}

/** What this process knows of each provider: its circuit, and how its attempts went. */
@Injectable()
export class ProviderHealth {
  private readonly records = new Map<string, Record>();

  constructor(private readonly config: AiConfig) {}

  /** Leave to ask the provider, or undefined while its circuit is open. Counts how it goes. */
  enter(provider: string): CircuitPass | undefined {
    const record = this.recordOf(provider);
    const pass = record.circuit.enter();
    if (!pass) return undefined;
    record.attempts++;
    let hasBegun = false;
    return {
      ...pass,
      succeeded: () => {
        if (hasBegun) return;
        hasBegun = true;
        record.lastFailed = false;
        pass.succeeded();
      },
      failed: (error) => {
        if (failureKindOf(error)) {
          record.failures++;
          record.lastFailed = true;
        }
        pass.failed(error);
      },
    };
  }

  /** How long the provider's circuit stays open at least. */
  retryAfterMs(provider: string): number {
    return this.recordOf(provider).circuit.retryAfterMs;
  }

  factsOf(name: string): ProviderFacts {
    const { circuit, attempts, failures, lastFailed } = this.recordOf(name);
    const standing = lastFailed ? 'degraded' : 'healthy';
    const status = circuit.status === 'closed' ? standing : 'unhealthy';
    return { name, status, circuit: circuit.status, attempts, failures };
  }

  private recordOf(provider: string): Record {
    const known = this.records.get(provider);
    if (known) return known;
    const made = { circuit: new ProviderCircuit(this.config.breaker), attempts: 0, failures: 0, lastFailed: false };
    this.records.set(provider, made);
    return made;
  }
}
