import { TalksyError } from '../../common/errors/talksy-error.js';
import { ProviderFailure } from '../provider-failure.js';
import { ProviderCircuit } from './provider-circuit.js';

const FAULT = new ProviderFailure('PROVIDER_UNAVAILABLE', 'passing');
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
};

/** Lets `times` requests through that all end like this. */
async function play(circuit: ProviderCircuit, times: number, error?: unknown): Promise<void> {
  for (let time = 0; time < times; time++) {
    const pass = circuit.enter()!;
    if (error) pass.failed(error);
    else pass.succeeded();
    await turns();
  }
}

/** Enters as soon as the pause of the open circuit is over. */
async function trial(circuit: ProviderCircuit) {
  for (;;) {
    const pass = circuit.enter();
    if (pass) return pass;
    await turns();
  }
}

describe('The circuit of a provider', () => {
  it('opens behind so many faults in a row, and says for how long', async () => {
    const circuit = new ProviderCircuit({ failures: 3, openMs: 60_000 });
    await play(circuit, 2, FAULT);
    await play(circuit, 1);
    await play(circuit, 2, FAULT);
    expect(circuit.status).toBe('closed');
    await play(circuit, 1, FAULT);
    expect([circuit.status, circuit.enter()]).toEqual(['open', undefined]);
    expect(circuit.retryAfterMs).toBeGreaterThan(59_000);
    expect(circuit.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('counts no request that was refused, and nothing that is not the provider’s fault', async () => {
    const circuit = new ProviderCircuit({ failures: 1, openMs: 60_000 });
    await play(circuit, 3, new ProviderFailure('PROVIDER_ERROR', 'refused'));
    await play(circuit, 3, new TalksyError('VALIDATION_ERROR'));
    await play(circuit, 1, 'a text');
    circuit.enter()!.undecided();
    await turns();
    expect(circuit.status).toBe('closed');
  });

  it('counts a fault in the middle of an answer too', async () => {
    const circuit = new ProviderCircuit({ failures: 1, openMs: 60_000 });
    const pass = circuit.enter()!;
    pass.succeeded();
    await turns();
    pass.failed(FAULT);
    await turns();
    expect(circuit.status).toBe('open');
  });

  it('lets one request try it, turns others away meanwhile, and closes when that one is answered', async () => {
    const circuit = new ProviderCircuit({ failures: 1, openMs: 5 });
    await play(circuit, 1, FAULT);
    const pass = await trial(circuit);
    expect([circuit.status, circuit.enter(), circuit.retryAfterMs]).toEqual(['half-open', undefined, 5]);
    pass.succeeded();
    await turns();
    expect(circuit.status).toBe('closed');
  });

  it.each(['failed', 'undecided'] as const)('opens again when its trial is %s', async (outcome) => {
    const circuit = new ProviderCircuit({ failures: 1, openMs: 5 });
    await play(circuit, 1, FAULT);
    (await trial(circuit))[outcome](FAULT);
    await turns();
    expect(circuit.status).toBe('open');
  });
});
