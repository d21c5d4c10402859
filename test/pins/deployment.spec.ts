import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/load-config.js';
import { VARIABLE_GROUPS } from '../../src/config/variables/groups.js';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const known = VARIABLE_GROUPS.flatMap((group) => Object.keys(group.variables));
const PROBES = ['/health/live', '/health/ready'];

// oxlint-disable-next-line typescript/no-explicit-any -- manifests are data
type Manifest = any;

describe('The Kubernetes manifest', () => {
  const manifests = parseAllDocuments(read('ops/kubernetes/talksy.yaml')).map((one) => one.toJS() as Manifest);
  const { spec } = manifests.find(({ kind }) => kind === 'Deployment');
  const pod = spec.template.spec;
  const [container] = pod.containers;

  it('has a deployment whose pods the service and the budget find', () => {
    expect(manifests.map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'PodDisruptionBudget']);
    const { labels } = spec.template.metadata;
    expect([spec.selector.matchLabels, manifests[1].spec.selector, manifests[2].spec.selector.matchLabels]).toEqual([
      labels,
      labels,
      labels,
    ]);
  });

  it('sets variables that the server reads, and lets answers finish', () => {
    const env = Object.fromEntries(
      container.env.map(({ name, value }: Manifest) => [name, value]),
    ) as NodeJS.ProcessEnv;
    expect(known).toEqual(expect.arrayContaining(Object.keys(env)));
    const secret = 'x'.repeat(48);
    const config = loadConfig({ ...env, JWT_SECRET: secret, REFRESH_SECRET: secret, REDIS_URL: 'redis://r' });
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(config.server.shutdownGraceMs);
    expect(config.server.trustProxy).toBe(1);
  });

  it('asks the server’s own probes and gives it no rights', () => {
    const { startupProbe, readinessProbe, livenessProbe, securityContext } = container;
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) expect(PROBES).toContain(probe.httpGet.path);
    expect(readinessProbe.httpGet.path).toBe('/health/ready');
    expect(livenessProbe.httpGet.path).toBe('/health/live');
    expect(securityContext).toEqual(
      parse('{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }'),
    );
  });
});

describe('The image', () => {
  it('is given everything that it copies', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
      paths!.split(' '),
    );
    const letThrough = read('.dockerignore').split('\n');
    expect(copied).toContain('src');
    for (const path of copied) {
      expect(existsSync(resolve(root, path))).toBe(true);
      expect(letThrough).toContain(`!${path}`);
    }
  });
});

describe('Every way to start the server', () => {
  it('gives Node the same flags as npm start', () => {
    const { start } = (JSON.parse(read('package.json')) as { scripts: { start: string } }).scripts;
    const command = start.split(' ');
    expect(command.slice(1, -1)).not.toHaveLength(0);
    expect(parse(/^CMD (.*)$/m.exec(read('Dockerfile'))![1]!)).toEqual(command);
    expect(read('ops/systemd/talksy.service')).toContain(` ${command.slice(1).join(' ')}\n`);
  });
});

describe('The systemd unit', () => {
  const unit = read('ops/systemd/talksy.service');
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

  it('starts what the build makes, and lets answers finish', () => {
    expect(value('ExecStart')).toMatch(/ dist\/main\.js$/);
    expect(existsSync(resolve(root, 'src/main.ts'))).toBe(true);
    const { shutdownGraceMs } = loadConfig({}).server;
    expect(Number(value('TimeoutStopSec')) * 1000).toBeGreaterThan(shutdownGraceMs);
    const names = value('Environment')
      .split(' ')
      .map((pair) => pair.split('=')[0]);
    expect(known).toEqual(expect.arrayContaining(names));
  });
});
