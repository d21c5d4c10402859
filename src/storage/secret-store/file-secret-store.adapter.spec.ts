import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../config/config-error.js';
import { FileSecretStore } from './file-secret-store.adapter.js';

describe('Talksy, keeping generated keys in a file,', () => {
  let folder: string;
  const storeIn = (dataDir: string) => new FileSecretStore({ dataDir, databaseUrl: undefined });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'talksy-secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes each one once', async () => {
    const dataDir = join(folder, 'not', 'there', 'yet');
    const [jwt, refresh] = await Promise.all([storeIn(dataDir).load('jwt'), storeIn(dataDir).load('refresh')]);
    expect(jwt).toMatch(/^[\w-]{64}$/);
    expect(refresh).not.toBe(jwt);
    const again = storeIn(dataDir);
    expect([await again.load('jwt'), await again.load('refresh')]).toEqual([jwt, refresh]);
  });

  it('agrees on one value when many ask at once', async () => {
    const values = await Promise.all(Array.from({ length: 20 }, () => storeIn(folder).load('jwt')));
    expect(new Set(values).size).toBe(1);
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  it('makes different ones for different folders', async () => {
    const values = await Promise.all(['a', 'b'].map((name) => storeIn(join(folder, name)).load('jwt')));
    expect(new Set(values).size).toBe(2);
  });

  it('lets only its owner read them', async () => {
    const dataDir = join(folder, 'data');
    await storeIn(dataDir).load('jwt');
    expect((await stat(join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  });

  it.each(['', 'not json', '{"version":1}', '{"version":1,"root":"short"}'])('refuses a file of %j', async (text) => {
    await writeFile(join(folder, 'secrets.json'), text);
    const failure = storeIn(folder).load('jwt');
    await expect(failure).rejects.toThrow(ConfigError);
    await expect(failure).rejects.toThrow(/secrets\.json is damaged; restore it, or delete it/);
  });

  it('says how to mend a folder it cannot use', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(storeIn(file).load('jwt')).rejects.toThrow(
      /cannot keep the generated keys \(ENOTDIR\); make it writable/,
    );
    await mkdir(join(folder, 'secrets.json'));
    await expect(storeIn(folder).load('jwt')).rejects.toThrow(/cannot keep the generated keys \(EISDIR\)/);
  });
});
