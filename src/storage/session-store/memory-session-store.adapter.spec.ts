import { proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemorySessionStore } from './memory-session-store.adapter.js';
import { sessionStoreContract } from './session-store.contract.js';

describe('The memory session store', () =>
  proveContract(sessionStoreContract, () => {
    const clock = new FakeClock();
    return { clock, store: new MemorySessionStore(clock) };
  }));
