import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { FrequentSeconds } from './frequent-seconds.js';

/** One value of a metric that is read when somebody asks. */
export interface Sample {
  labels?: Record<string, string>;
  value: number;
}

/** What a metric is called and means. Labels have few values, known beforehand: never an id, a name of a user's choice. */
export interface MetricName {
  /** In the manner of Prometheus: `talksy_`, then the unit last, `_total` for counters. */
  name: string;
  help: string;
  labels?: readonly string[];
}

/** Gauges that are called like counters, which the linter of Prometheus refuses; their details stand beside them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** The numbers of this process, as Prometheus reads them. Each application has its own. */
@Injectable()
export class Metrics implements OnModuleDestroy {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Counts up. */
  counter({ name, help, labels = [] }: MetricName): Counter {
    return new Counter({ name, help, labelNames: [...labels], registers: [this.registry] });
  }

  /** Distributes observations, in seconds, over these bounds. */
  seconds({ name, help, labels = [] }: MetricName, buckets: readonly number[]): Histogram {
    return new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [this.registry] });
  }

  /** As `seconds`, without labels, for what happens with every token. */
  frequentSeconds({ name, help }: MetricName, buckets: readonly number[]): FrequentSeconds {
    const counted = new FrequentSeconds(name, help, buckets);
    this.registry.registerMetric(counted as unknown as Histogram);
    return counted;
  }

  /** A state, read when somebody asks. */
  gauge({ name, help, labels = [] }: MetricName, read: () => readonly Sample[] | Promise<readonly Sample[]>): void {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const sample of await read()) this.set(sample.labels ?? {}, sample.value);
      },
    });
  }

  /** A count that somebody else keeps, read when somebody asks. */
  countElsewhere({ name, help, labels = [] }: MetricName, read: () => readonly Sample[]): void {
    new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const sample of read()) this.inc(sample.labels ?? {}, sample.value);
      },
    });
  }

  /** Everything, in the text format of Prometheus. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }

  onModuleDestroy(): void {
    this.registry.clear();
  }
}
