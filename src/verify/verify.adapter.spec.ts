import { createPostgresDatabase, hasPostgres } from '../../test/support/test-postgres.js';
import { redisConfigOf, testRedisUrl } from '../../test/support/test-redis.js';
import { ScratchStores } from '../storage/scratch-stores.js';
import { USAGE, verify } from './verify.js';

describe('talksy verify', () => {
  const said: string[] = [];
  const run = (argv: string[]) => verify(argv, 'dist/main.js', (line) => said.push(line));
  beforeEach(() => void said.splice(0));

  it('says how it is used, also where the stores are not named', async () => {
    expect(await run(['--help'])).toBe(0);
    expect(await run([])).toBe(2);
    expect(said).toEqual([USAGE, USAGE]);
  });

  it('says what is wrong with its options', async () => {
    expect(await run(['--slow'])).toBe(2);
    expect(said).toEqual([expect.stringContaining("verify could not run: Unknown option '--slow'")]);
  });
});

describe('Scratch stores', () => {
  it('leave nothing behind', async () => {
    if (!hasPostgres()) return;
    const server = await createPostgresDatabase();
    const stores = await ScratchStores.open(server.url, redisConfigOf(await testRedisUrl()));
    const name = new URL(stores.databaseUrl).pathname.slice(1);
    const found = () => server.administrate(`select datname from pg_database where datname = '${name}'`);
    expect(stores.keyPrefix).toBe(`${name}:`);
    expect(await found()).toHaveLength(1);
    await stores.remove();
    expect(await found()).toHaveLength(0);
    await server.drop();
  });
});
