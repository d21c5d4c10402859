import { newSecretId } from '../../common/ids.js';
import { proveContract } from '../../../test/support/contract.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { testRedisConfig } from '../../../test/support/test-redis.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { RedisSessionStore } from './redis-session-store.adapter.js';
import { sessionStoreContract } from './session-store.contract.js';

describe('The Redis session store', () => {
  let connections: RedisConnections;
  const opened: RedisSessionStore[] = [];

  beforeAll(async () => {
    connections = new RedisConnections(await testRedisConfig());
    await connections.untilUp();
  });
  afterAll(() => {
    for (const store of opened) store.close();
    connections.close();
  });

  const open = (clock = new FakeClock()) => {
    const store = new RedisSessionStore(connections, clock);
    opened.push(store);
    return { clock, store };
  };
  const newSession = (clock: FakeClock, ttlMs = 1000) => {
    const now = clock.now();
    const times = { createdAt: now, lastActivityAt: now, expiresAt: now + ttlMs };
    return { id: newSecretId(), userId: 'user-1', conversationId: undefined, connections: ['c1'], ...times };
  };

  proveContract(sessionStoreContract, () => open());

  it('restores a session on another node, where it counts from then on', async () => {
    const { clock, store } = open();
    const other = open(clock).store;
    const session = newSession(clock);
    await store.create(session, 10);
    await store.point(session.id, 'conversation-1');
    await store.detach(session.id, 'c1', clock.now() + 500);
    expect(await other.attach(session.id, 'user-1', 'c2')).toMatchObject({
      conversationId: 'conversation-1',
      connections: ['c2'],
    });
    expect(await other.count()).toEqual({ active: 1, total: 1 });
    clock.advance(501);
    expect(await store.count()).toEqual({ active: 0, total: 0 });
    expect(await store.find(session.id)).toMatchObject({ connections: ['c2'] });
  });

  it('lets a session of a dead node expire, and keeps one whose node still vouches for it', async () => {
    const { clock, store } = open();
    const dead = open(clock).store;
    const [kept, lost] = [newSession(clock), newSession(clock)];
    await store.create(kept, 10);
    await dead.create(lost, 10);
    for (let i = 0; i < 3; i++) {
      clock.advance(200_000);
      await store.vouchAll();
    }
    expect(await store.find(kept.id)).toMatchObject({ connections: ['c1'] });
    expect(await store.find(lost.id)).toBeUndefined();
  });

  it('never evicts a session that is connected to another node', async () => {
    const { clock, store } = open();
    const other = open(clock).store;
    const session = newSession(clock);
    await store.create(session, 1);
    await store.detach(session.id, 'c1', clock.now() + 1000);
    await other.attach(session.id, 'user-1', 'c2');
    expect(await store.create(newSession(clock), 1)).toBe(true);
    expect(await other.find(session.id)).toBeDefined();
  });
});
