import { newSecretId } from '../../common/ids.js';
import type { Session } from '../../session/session.js';
import { proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { HotBench } from '../../../test/support/hot-bench.js';
import { within } from '../../../test/support/within.js';
import { HotSessionStore } from './hot-session-store.adapter.js';
import { MemorySessionStore } from './memory-session-store.adapter.js';
import { RedisSessionStore } from './redis-session-store.adapter.js';
import { sessionStoreContract } from './session-store.contract.js';

describe('The hot session store', () => {
  let bench: HotBench;
  const opened: HotSessionStore[] = [];

  beforeAll(async () => void (bench = await HotBench.open()));
  afterEach(() => bench.restore());
  afterAll(async () => {
    for (const store of opened) store.close();
    await bench.close();
  });

  const open = () => {
    const clock = new FakeClock();
    const redis = new RedisSessionStore(bench.hot.connections, clock);
    const memory = new MemorySessionStore(clock);
    const store = new HotSessionStore(memory, redis, bench.hot);
    opened.push(store);
    return { clock, redis, memory, store };
  };
  const newSession = (clock: FakeClock): Session => {
    const now = clock.now();
    const times = { createdAt: now, lastActivityAt: now, expiresAt: now + 60_000 };
    return { id: newSecretId(), userId: 'user-1', conversationId: undefined, connections: ['c1'], ...times };
  };
  const untilMoved = async (memory: MemorySessionStore): Promise<void> => {
    while (memory.all().length > 0) await new Promise(setImmediate);
  };

  proveContract(sessionStoreContract, open);

  it('serves a connected session from memory while Redis is lost, and gives it back', async () => {
    const { clock, redis, memory, store } = open();
    const session = newSession(clock);
    await store.create(session, 10);
    await bench.lose();
    expect(await store.pointIfUnset(session.id, 'conversation-1')).toBe('conversation-1');
    await store.touch(session.id, clock.now() + 5, clock.now() + 90_000);
    expect(await store.attach(session.id, 'user-1', 'c2')).toMatchObject({ connections: ['c1', 'c2'] });
    await store.detach(session.id, 'c1', 0);
    expect(await store.count()).toEqual({ active: 1, total: 1 });
    await bench.restore();
    await within('the move', untilMoved(memory));
    expect(await redis.find(session.id)).toMatchObject({
      conversationId: 'conversation-1',
      connections: ['c2'],
      expiresAt: clock.now() + 90_000,
    });
  });

  it('creates sessions without Redis, and restores none that it does not know', async () => {
    const { clock, redis, memory, store } = open();
    await bench.lose();
    const session = newSession(clock);
    expect(await store.create(session, 10)).toBe(true);
    await store.point(session.id, 'conversation-2');
    expect(await store.attach(newSecretId(), 'user-1', 'c1')).toBeUndefined();
    await expect(store.find(newSecretId())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await bench.restore();
    await within('the move', untilMoved(memory));
    expect(await redis.find(session.id)).toMatchObject({ conversationId: 'conversation-2' });
  });
});
