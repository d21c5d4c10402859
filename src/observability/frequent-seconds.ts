/** What a registry of prom-client reads of a metric. */
interface Reading {
  name: string;
  help: string;
  type: 'histogram';
  aggregator: 'sum';
  values: { metricName: string; labels: { le?: number | '+Inf' }; value: number }[];
}

/**
 * A histogram without labels in the registry of prom-client, whose own makes a text of the labels and a key of the bound
 * for each observation: that was one and a half hundredths of what a token costs.
 */
export class FrequentSeconds {
  private readonly counts: number[];
  private sum = 0;

  /** @param bounds the upper ones, in seconds and in order. */
  constructor(
    readonly name: string,
    private readonly help: string,
    private readonly bounds: readonly number[],
  ) {
    this.counts = [...bounds, Infinity].map(() => 0);
  }

  observe(seconds: number): void {
    const { bounds } = this;
    let at = 0;
    while (at < bounds.length && seconds > bounds[at]!) at++;
    this.counts[at]!++;
    this.sum += seconds;
  }

  /** Called by the registry: what has been counted, each bucket with all that is smaller. */
  async get(): Promise<Reading> {
    const { name, help, bounds, sum } = this;
    let count = 0;
    const values: Reading['values'] = [...bounds, '+Inf' as const].map((le, at) => {
      return { metricName: `${name}_bucket`, labels: { le }, value: (count += this.counts[at]!) };
    });
    values.push(
      { metricName: `${name}_sum`, labels: {}, value: sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    );
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }
}
