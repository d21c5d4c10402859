import { inspect } from 'node:util';
import { loadConfig } from '../../config/load-config.js';
import { Secrets } from './secrets.js';

describe('Talksy, looking for its keys,', () => {
  const store = { load: async (name: string) => `generated ${name}` };
  const textOf = ({ jwtKey, refreshKey }: Secrets) => [jwtKey, refreshKey].map((key) => key.export().toString());

  it('takes them from the configuration', async () => {
    const { auth } = loadConfig({ JWT_SECRET: 'j'.repeat(32), REFRESH_SECRET: 'r'.repeat(32) });
    expect(textOf(await Secrets.load(auth, store))).toEqual(['j'.repeat(32), 'r'.repeat(32)]);
  });

  it('takes those it was not given from the store', async () => {
    const { auth } = loadConfig({ JWT_SECRET: 'j'.repeat(32) });
    expect(textOf(await Secrets.load(auth, store))).toEqual(['j'.repeat(32), 'generated refresh']);
    expect(textOf(await Secrets.load(loadConfig({}).auth, store))).toEqual(['generated jwt', 'generated refresh']);
  });

  it('does not print them', async () => {
    expect(inspect(await Secrets.load(loadConfig({}).auth, store), { depth: 9 })).not.toContain('generated');
  });
});
