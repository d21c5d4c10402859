import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Violation {
  from: string;
  rule: { name: string };
}

const root = resolve(import.meta.dirname, '../..');

/** Each file holds one import that breaks one rule; what it imports exists, so that nothing else is wrong with it. */
const PLANTED: readonly (readonly [rule: string, file: string, imported: string])[] = [
  ['arrows-of-common', 'src/common/a.ts', '../config/config.js'],
  ['arrows-of-config', 'src/config/a.ts', '../observability/logger.js'],
  ['arrows-of-observability', 'src/observability/a.ts', '../user/user.js'],
  ['arrows-of-rate-limit', 'src/rate-limit/a.ts', '../cache/cache.js'],
  ['arrows-of-cache', 'src/cache/a.ts', '../user/user.js'],
  ['arrows-of-user', 'src/user/a.ts', '../auth/principal.js'],
  ['arrows-of-auth', 'src/auth/a.ts', '../session/session.js'],
  ['arrows-of-ai', 'src/ai/a.ts', '../conversation/message.js'],
  ['arrows-of-conversation', 'src/conversation/a.ts', '../run/run.js'],
  ['arrows-of-tools', 'src/tools/a.ts', '../ai/chat-model.port.js'],
  ['arrows-of-session', 'src/session/a.ts', '../run/run.js'],
  ['arrows-of-run', 'src/run/a.ts', '../session/session.js'],
  ['edges-are-imported-by-bootstrap-only', 'src/run/b.ts', '../gateway/gateway.module.js'],
  ['edges-are-imported-by-bootstrap-only', 'src/run/c.ts', '../storage/storage.module.js'],
  ['edges-are-imported-by-bootstrap-only', 'src/gateway/a.ts', '../storage/storage.module.js'],
  ['edges-are-imported-by-bootstrap-only', 'src/storage/a.ts', '../gateway/gateway.module.js'],
  ['edges-are-imported-by-bootstrap-only', 'src/run/l.ts', '../verify/verify.js'],
  ['verify-drives-processes', 'src/verify/a.ts', '../run/run.js'],
  ['verify-drives-processes', 'src/verify/b.ts', '../storage/storage.module.js'],
  ['bootstrap-is-imported-by-nobody', 'src/run/d.ts', '../main.js'],
  ['subfolders-are-private', 'src/run/e.ts', '../ai/providers/mock.js'],
  ['subfolders-are-private', 'src/gateway/b.ts', '../run/record/recorder.js'],
  ['storage-sees-ports-only', 'src/storage/b.ts', '../run/engine.service.js'],
  ['client-stands-alone', 'src/client/a.ts', '../common/clock.js'],
  ['server-needs-no-client', 'src/gateway/c.ts', '../client/wire.js'],
  ['client-families-are-siblings', 'src/gateway/chat/a.ts', '../assistant/gateway.js'],
  ['drivers-stay-in-storage', 'src/run/f.ts', 'pg'],
  ['drivers-stay-in-storage', 'src/run/g.ts', 'kysely'],
  ['drivers-stay-in-storage', 'src/run/h.ts', '@electric-sql/pglite'],
  ['metrics-stay-in-observability', 'src/run/m.ts', 'prom-client'],
  ['model-sdks-stay-in-providers', 'src/ai/b.ts', 'openai'],
  ['model-sdks-stay-in-providers', 'src/ai/c.ts', 'groq-sdk'],
  ['sockets-stay-in-gateway', 'src/session/b.ts', 'socket.io'],
  ['projections-are-pure', 'src/gateway/assistant/frames.projection.ts', 'rxjs'],
  ['no-test-code-in-the-product', 'src/run/i.ts', './run.contract.js'],
  ['no-development-packages-in-the-product', 'src/run/j.ts', 'supertest'],
  ['no-unresolvable', 'src/run/k.ts', './nowhere.js'],
];

const CYCLE = { 'src/run/one.ts': './two.js', 'src/run/two.ts': './one.js' };

function plant(folder: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'a' });
  };
  for (const [rule, file, imported] of PLANTED) {
    // Rooms are closed to types, too; of packages the values matter.
    const isRoom = imported.startsWith('.');
    write(file, `import ${isRoom ? 'type ' : ''}* as thing from '${imported}';\nexport type Other = typeof thing;\n`);
    if (isRoom && rule !== 'no-unresolvable') write(join(dirname(file), imported.replace(/\.js$/, '.ts')), '');
  }
  for (const [file, imported] of Object.entries(CYCLE)) {
    write(file, `import * as thing from '${imported}';\nexport const other = thing;\n`);
  }
}

function violations(folder: string): Violation[] {
  for (const file of ['package.json', '.dependency-cruiser.cjs']) copyFileSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const cruiser = join(root, 'node_modules/.bin/depcruise');
  const { stdout } = spawnSync(process.execPath, [cruiser, '-T', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('The room boundaries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'talksy-rooms-'));
  let found: string[];

  beforeAll(() => {
    plant(folder);
    found = violations(folder).map(({ rule, from }) => `${rule.name}: ${from}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(PLANTED)('%s catches %s importing %s', (rule, file) => {
    expect(found).toContain(`${rule}: ${file}`);
  });

  it('no-cycles catches two files that import each other', () => {
    expect(found).toContain('no-cycles: src/run/one.ts');
  });
});
