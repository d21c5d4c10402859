import { createHash } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { newKeyPrefix, testRedisConfig } from '../../../test/support/test-redis.js';
import { RedisConnections } from './redis-connections.js';
import { RedisScript } from './redis-script.js';

describe('The connections to Redis', () => {
  const opened: RedisConnections[] = [];
  const open = async (changes: object = {}): Promise<RedisConnections> => {
    const connections = new RedisConnections({ ...(await testRedisConfig()), ...changes });
    opened.push(connections);
    return connections;
  };
  afterEach(() => opened.splice(0).forEach((connections) => connections.close()));

  it('say why Redis cannot be had, without saying where it is', async () => {
    const connections = await open({ port: 1 });
    expect(await connections.untilUp(200)).toBe(false);
    expect(connections.state).toEqual({ up: false, since: expect.any(Number), reason: 'ECONNREFUSED' });
    await expect(connections.run((redis) => redis.ping())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('give up at once when they are closed', async () => {
    const connections = await open({ port: 1 });
    const waiting = connections.untilUp(60_000);
    connections.close();
    expect(await waiting).toBe(false);
    expect(await connections.untilUp()).toBe(false);
    expect(connections.state).toMatchObject({ up: false, reason: 'closed' });
  });

  it('leave bugs as they are', async () => {
    const connections = await open();
    await connections.untilUp();
    await expect(connections.run((redis) => redis.call('NO-SUCH-COMMAND'))).rejects.toThrow(/unknown command/i);
  });

  it('send a script whole where the server has forgotten it', async () => {
    const connections = await open();
    await connections.untilUp();
    const lua = `return ARGV[1] .. KEYS[1] -- ${newKeyPrefix()}`;
    const script = new RedisScript(lua);
    expect(await connections.run((redis) => script.run(redis, ['b'], ['a']))).toBe('ab');
    const sha = createHash('sha1').update(lua).digest('hex');
    expect(await connections.commands.script('EXISTS', sha)).toEqual([1]);
    expect(await connections.run((redis) => script.run(redis, ['d'], ['c']))).toBe('cd');
  });

  it('sign in to a database, and say that the password is wrong', async () => {
    let heard = '';
    const strict = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        heard += data.toString();
        const commands = data.toString().match(/^\*\d+\r$/gm)?.length ?? 0;
        socket.write('-WRONGPASS invalid username-password pair\r\n'.repeat(commands));
      });
    });
    await new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve));
    const { port } = strict.address() as AddressInfo;
    const connections = await open({ port, password: 'hunter2', db: 3 });
    expect(await connections.untilUp(300)).toBe(false);
    expect(heard).toMatch(/AUTH[^]*hunter2[^]*select[^]*3/);
    expect(connections.state.reason).toMatch(/^WRONGPASS/);
    connections.close();
    await new Promise((resolve) => strict.close(resolve));
  });
});
