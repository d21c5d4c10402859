import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from './environment.js';

describe('The environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'talksy-env-'));
  const file = join(folder, '.env');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is the process’s own where there is no file', () => {
    expect(environment(join(folder, 'none'))).toEqual(process.env);
  });

  it('is completed by the file, and wins over it', () => {
    writeFileSync(file, '# a comment\nTALKSY_SPEC="two words"\nNODE_ENV=production\n');
    expect(environment(file)).toEqual({ ...process.env, TALKSY_SPEC: 'two words' });
    expect(process.env['TALKSY_SPEC']).toBeUndefined();
  });

  it('says in one line that the file cannot be read', () => {
    expect(() => environment(folder)).toThrow(/cannot be read \(EISDIR\); make it a file/);
  });
});
