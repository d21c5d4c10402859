import { newSecretId } from '../../common/ids.js';
import type { Session } from '../../session/session.js';
import type { SessionStore } from '../../session/session-store.port.js';
import type { ContractCase } from '../../../test/support/contract.js';
import type { FakeClock } from '../../../test/support/fake-clock.js';

export interface SessionsUnderTest {
  store: SessionStore;
  clock: FakeClock;
}

const MAX = 3;

function newSession(clock: FakeClock, changes: Partial<Session> = {}): Session {
  const now = clock.now();
  const times = { createdAt: now, lastActivityAt: now, expiresAt: now + 1000 };
  return { id: newSecretId(), userId: 'user-1', conversationId: undefined, connections: [], ...times, ...changes };
}

async function stored({ store, clock }: SessionsUnderTest, changes: Partial<Session> = {}): Promise<Session> {
  const session = newSession(clock, changes);
  expect(await store.create(session, MAX)).toBe(true);
  return session;
}

export const sessionStoreContract: readonly ContractCase<SessionsUnderTest>[] = [
  {
    name: 'returns a session as it was created, as a snapshot',
    prove: async (under) => {
      const session = await stored(under);
      const snapshot = await under.store.find(session.id);
      expect(snapshot).toEqual(session);
      snapshot!.userId = 'somebody else';
      expect((await under.store.find(session.id))?.userId).toBe('user-1');
      expect(await under.store.find(newSecretId())).toBeUndefined();
    },
  },
  {
    name: 'forgets a disconnected session when it expires',
    prove: async (under) => {
      const { id } = await stored(under);
      under.clock.advance(999);
      expect(await under.store.find(id)).toBeDefined();
      under.clock.advance(1);
      expect(await under.store.find(id)).toBeUndefined();
      expect(await under.store.attach(id, 'user-1', 'c1')).toBeUndefined();
    },
  },
  {
    name: 'keeps a connected session beyond its expiry',
    prove: async (under) => {
      const { id } = await stored(under);
      await under.store.attach(id, 'user-1', 'c1');
      under.clock.advance(5000);
      expect((await under.store.find(id))?.connections).toEqual(['c1']);
    },
  },
  {
    name: 'counts down from the last disconnect, not from an earlier one',
    prove: async (under) => {
      const { id } = await stored(under);
      await under.store.attach(id, 'user-1', 'c1');
      await under.store.attach(id, 'user-1', 'c2');
      await under.store.attach(id, 'user-1', 'c2');
      await under.store.detach(id, 'c1', under.clock.now() + 10);
      await under.store.detach(id, 'unknown', under.clock.now() + 10);
      under.clock.advance(2000);
      expect((await under.store.find(id))?.connections).toEqual(['c2']);
      await under.store.detach(id, 'c2', under.clock.now() + 10);
      expect((await under.store.find(id))?.connections).toEqual([]);
      under.clock.advance(11);
      expect(await under.store.find(id)).toBeUndefined();
    },
  },
  {
    name: 'attaches nobody but the owner',
    prove: async (under) => {
      const { id } = await stored(under);
      expect(await under.store.attach(id, 'user-2', 'c1')).toBeUndefined();
      expect((await under.store.attach(id, 'user-1', 'c1'))?.connections).toEqual(['c1']);
    },
  },
  {
    name: 'notes activity and moves the pointer',
    prove: async (under) => {
      const { id } = await stored(under);
      await under.store.touch(id, under.clock.now() + 5, under.clock.now() + 5000);
      await under.store.point(id, 'conversation-1');
      under.clock.advance(4000);
      expect(await under.store.find(id)).toMatchObject({ conversationId: 'conversation-1' });
      await under.store.touch(newSecretId(), 0, 0);
    },
  },
  {
    name: 'gives racing callers one pointer',
    prove: async (under) => {
      const { id } = await stored(under);
      const answers = await Promise.all(['a', 'b', 'c'].map((name) => under.store.pointIfUnset(id, name)));
      expect(new Set(answers)).toEqual(new Set([(await under.store.find(id))?.conversationId]));
      expect(await under.store.pointIfUnset(newSecretId(), 'a')).toBeUndefined();
    },
  },
  {
    name: 'lets the oldest disconnected one go when it is full, and refuses when all are connected',
    prove: async (under) => {
      const ids: string[] = [];
      for (let i = 0; i < MAX; i++) ids.push((await stored(under)).id);
      for (const id of ids) await under.store.attach(id, 'user-1', 'c');
      expect(await under.store.create(newSession(under.clock), MAX)).toBe(false);
      for (const id of [ids[1]!, ids[0]!]) await under.store.detach(id, 'c', under.clock.now() + 1000);
      await stored(under);
      expect(await under.store.find(ids[1]!)).toBeUndefined();
      expect(await under.store.find(ids[0]!)).toBeDefined();
    },
  },
  {
    name: 'counts what lives',
    prove: async (under) => {
      const { id } = await stored(under);
      await stored(under, { expiresAt: under.clock.now() + 10 });
      await under.store.attach(id, 'user-1', 'c1');
      expect(await under.store.count()).toEqual({ active: 1, total: 2 });
      under.clock.advance(11);
      expect(await under.store.count()).toEqual({ active: 1, total: 1 });
    },
  },
];
