import { FakeClock } from '../../../test/support/fake-clock.js';
import type { Principal } from '../../auth/principal.js';
import { SocketExpiry } from './socket-expiry.service.js';
import type { TalksySocket } from './talksy-socket.js';

type Sent = [event: string, payload: { expiresAt?: string; code?: string }];

function open() {
  const clock = new FakeClock();
  const expiry = new SocketExpiry(clock);
  const connect = (lifeMs: number, more: Partial<Principal> = { familyId: 'family' }) => {
    const sent: Sent[] = [];
    const principal = { userId: 'user', role: 'user', tokenId: 't', expiresAt: clock.now() + lifeMs, ...more };
    const socket = {
      id: 'socket',
      data: { principal },
      emit: (...frame: Sent) => sent.push(frame),
      disconnect: () => sent.push(['disconnect', {}]),
    } as unknown as TalksySocket;
    expiry.watch(socket);
    return { socket, sent, names: () => sent.map(([event]) => event) };
  };
  const pass = (ms: number): void => {
    clock.advance(ms);
    expiry.tick();
  };
  return { clock, expiry, connect, pass };
}

describe('Talksy, watching the credentials of a connection,', () => {
  it('warns a minute before their end, and ends it then', () => {
    const { clock, connect, pass } = open();
    const { sent, names } = connect(900_000);
    const expiresAt = new Date(clock.now() + 900_000).toISOString();
    pass(839_499);
    expect(names()).toEqual([]);
    pass(501);
    expect(sent).toEqual([['token_expiring', { expiresAt }]]);
    pass(59_500);
    expect(names()).toEqual(['token_expiring']);
    pass(500);
    expect(names()).toEqual(['token_expiring', 'error', 'disconnect']);
    expect(sent[1]![1]).toMatchObject({ code: 'TOKEN_EXPIRED' });
    pass(1_000_000);
    expect(names()).toHaveLength(3);
  });

  it('warns at half time where less than a minute is left, so that renewing is no endless loop', () => {
    const { connect, pass } = open();
    const { names } = connect(10_000);
    pass(4500);
    expect(names()).toEqual([]);
    pass(500);
    expect(names()).toEqual(['token_expiring']);
  });

  it('begins anew when they are renewed', () => {
    const { clock, expiry, connect, pass } = open();
    const { socket, names } = connect(120_000);
    pass(60_000);
    socket.data.principal = { ...socket.data.principal, expiresAt: clock.now() + 900_000 };
    expiry.watch(socket);
    pass(839_000);
    expect(names()).toEqual(['token_expiring']);
    pass(1000);
    expect(names()).toEqual(['token_expiring', 'token_expiring']);
  });

  it('says nothing to a connection that is gone', () => {
    const { expiry, connect, pass } = open();
    const [gone, other] = [connect(1000), connect(1000)];
    expiry.forget(gone.socket);
    expiry.forget(gone.socket);
    pass(500);
    expect(gone.names()).toEqual([]);
    expect(other.names()).toEqual(['token_expiring']);
  });

  it('does not warn of the end of an API key, which nothing can renew', () => {
    const { connect, pass } = open();
    const [ending, endless] = [
      connect(120_000, { apiKeyId: 'key' }),
      connect(0, { apiKeyId: 'key', expiresAt: Infinity }),
    ];
    pass(119_000);
    expect(ending.names()).toEqual([]);
    pass(1000);
    expect(ending.sent).toEqual([
      ['error', expect.objectContaining({ code: 'UNAUTHORIZED' })],
      ['disconnect', {}],
    ]);
    expect(endless.names()).toEqual([]);
  });

  it('looks by itself, and stops with the server', () => {
    const { expiry } = open();
    expiry.onModuleInit();
    expiry.onModuleDestroy();
  });
});
