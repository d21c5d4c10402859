import type { CredentialService } from '../../auth/credential.service.js';
import type { Principal } from '../../auth/principal.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { MemoryEventBus } from '../../storage/event-bus/memory-event-bus.adapter.js';
import type { SocketAdmission } from './socket-admission.service.js';
import { SocketConnections } from './socket-connections.service.js';
import { SocketDirectory } from './socket-directory.js';
import { SocketExpiry } from './socket-expiry.service.js';
import type { TalksyServer, TalksySocket } from './talksy-socket.js';

const PRINCIPAL: Principal = { userId: 'u', role: 'user', familyId: 'f', tokenId: 't', expiresAt: Infinity };

class FakeSocket {
  readonly id = 'socket';
  connected = true;
  readonly data = {} as TalksySocket['data'];
  readonly conn = {};
  readonly handshake = {};
  readonly errors: string[] = [];

  emit(_event: string, { code }: { code: string }): void {
    this.errors.push(code);
  }

  disconnect(): void {
    this.connected = false;
  }
}

/** One connection, step by step; `recheck` is what the credentials say when they are asked again. */
function open() {
  const bus = new MemoryEventBus();
  const admitted = Promise.withResolvers<Principal>();
  const rechecks: (() => Promise<Principal>)[] = [];
  const admission = { admit: () => admitted.promise } as unknown as SocketAdmission;
  const credentials = {
    recheck: async (principal: Principal) => rechecks.shift()?.() ?? principal,
  } as unknown as CredentialService;
  const directory = new SocketDirectory();
  const connections = new SocketConnections(admission, credentials, directory, new SocketExpiry(new FakeClock()), bus);
  connections.onModuleInit();
  const fake = new FakeSocket();
  const socket = fake as unknown as TalksySocket;
  const connect = () =>
    new Promise<unknown>((resolve) => {
      const use = (step: (given: TalksySocket, next: (error?: unknown) => void) => void) => step(socket, resolve);
      connections.guard({ use } as unknown as TalksyServer);
    });
  return { admitted, bus, connect, connections, directory, fake, rechecks, socket };
}

const welcomed = async (parts: ReturnType<typeof open>): Promise<void> => {
  parts.admitted.resolve(PRINCIPAL);
  await parts.connect();
  parts.connections.welcome(parts.socket, Promise.resolve());
};
const settled = () => new Promise(setImmediate);

describe('Talksy, with a connection,', () => {
  it('closes one whose sign-in ended between its proof and its entry', async () => {
    const { admitted, bus, connect, connections, fake, rechecks, socket } = open();
    const connected = connect();
    await bus.publish('family.revoked', { familyId: 'f' });
    admitted.resolve(PRINCIPAL);
    expect(await connected).toBeUndefined();
    rechecks.push(() => Promise.reject(new TalksyError('UNAUTHORIZED')));
    connections.welcome(socket, Promise.resolve());
    await settled();
    expect([fake.errors, fake.connected]).toEqual([['UNAUTHORIZED'], false]);
  });

  it('keeps one that still stands although something else was revoked meanwhile', async () => {
    const { admitted, bus, connect, connections, fake, socket } = open();
    const connected = connect();
    await bus.publish('family.revoked', { familyId: 'another' });
    admitted.resolve(PRINCIPAL);
    await connected;
    connections.welcome(socket, Promise.resolve());
    await settled();
    expect([fake.errors, fake.connected]).toEqual([[], true]);
  });

  it('closes what is revoked twice once', async () => {
    const parts = open();
    await welcomed(parts);
    await parts.bus.publish('family.revoked', { familyId: 'f' });
    await parts.connections.farewell(parts.socket);
    await parts.bus.publish('family.revoked', { familyId: 'f' });
    expect(parts.fake.errors).toEqual(['UNAUTHORIZED']);
    expect(parts.directory.of('family:f')).toEqual([]);
  });

  it('gives it its new role when the account changes', async () => {
    const parts = open();
    await welcomed(parts);
    parts.rechecks.push(async () => ({ ...PRINCIPAL, role: 'admin' }));
    await parts.bus.publish('account.changed', { userId: 'u' });
    await settled();
    expect(parts.socket.data.principal).toEqual({ ...PRINCIPAL, role: 'admin' });
    expect(parts.fake.connected).toBe(true);
  });

  it('says nothing more to one that went while it was looked at', async () => {
    const parts = open();
    await welcomed(parts);
    parts.rechecks.push(async () => {
      parts.fake.connected = false;
      throw new TalksyError('UNAUTHORIZED');
    });
    await parts.bus.publish('account.changed', { userId: 'u' });
    await settled();
    expect(parts.fake.errors).toEqual([]);
  });

  it('renews nothing for one that went meanwhile', async () => {
    const parts = open();
    await welcomed(parts);
    await parts.connections.renew(parts.socket, async () => {
      parts.fake.connected = false;
      return { ...PRINCIPAL, familyId: 'g' };
    });
    expect(parts.directory.of('family:g')).toEqual([]);
  });

  it('is closed by the end of what it goes on with, not of what it came with', async () => {
    const parts = open();
    await welcomed(parts);
    await parts.connections.renew(parts.socket, async () => ({ ...PRINCIPAL, familyId: 'g' }));
    await parts.bus.publish('family.revoked', { familyId: 'f' });
    expect(parts.fake.connected).toBe(true);
    await parts.bus.publish('family.revoked', { familyId: 'g' });
    expect(parts.fake.connected).toBe(false);
  });

  it('hears nothing more once the server has stopped', async () => {
    const parts = open();
    await welcomed(parts);
    parts.connections.onModuleDestroy();
    await parts.bus.publish('family.revoked', { familyId: 'f' });
    expect(parts.fake.connected).toBe(true);
  });
});
