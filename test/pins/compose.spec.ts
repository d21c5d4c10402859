import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load-config.js';
import { VARIABLE_GROUPS } from '../../src/config/variables/groups.js';

interface Service {
  build?: string;
  image?: string;
  environment?: Record<string, string | number>;
  command?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  stop_grace_period?: string;
}

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const nodes = ['node1', 'node2'].map((name) => services[name]!);

/** What compose makes of a value with these variables in `.env`; a required one that is missing is refused. */
function substitute(value: string, given: Record<string, string>): string {
  return value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind?: string, rest = '') => {
    if (given[name]) return given[name];
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return rest;
  });
}

function environmentOf(node: Service, given: Record<string, string>): Record<string, string> {
  const entries = Object.entries(node.environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, substitute(String(value), given)]));
}

const secrets = { JWT_SECRET: 'j'.repeat(48), REFRESH_SECRET: 'r'.repeat(48), POSTGRES_PASSWORD: 'p'.repeat(24) };

describe('The compose file', () => {
  it('has two nodes, a proxy and the stores', () => {
    expect(Object.keys(services).sort()).toEqual(['nginx', 'node1', 'node2', 'postgres', 'redis']);
  });

  it('sets only variables that the server reads', () => {
    const known = VARIABLE_GROUPS.flatMap((group) => Object.keys(group.variables));
    for (const node of nodes) expect(known).toEqual(expect.arrayContaining(Object.keys(node.environment ?? {})));
  });

  it('gives both nodes a configuration that works, with one database and the same secrets', () => {
    const [first, second] = nodes.map((node) => loadConfig(environmentOf(node, secrets)));
    expect(first).toMatchObject({ server: { environment: 'production', trustProxy: 1 }, ai: { provider: 'mock' } });
    expect(first!.store.databaseUrl).toBe(`postgres://talksy:${secrets.POSTGRES_PASSWORD}@postgres:5432/talksy`);
    expect(second).toEqual(first);
  });

  it('shares a Redis that keeps what it was given', () => {
    for (const node of nodes) {
      expect(loadConfig(environmentOf(node, secrets)).store.redis).toMatchObject({ host: 'redis', port: 6379 });
    }
    expect(services['redis']!.command?.join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
    expect(services['redis']!.volumes).toEqual(['redis-data:/data']);
  });

  it.each(Object.keys(secrets))('does not start without %s', (name) => {
    expect(() => environmentOf(nodes[0]!, { ...secrets, [name]: '' })).toThrow(name);
  });

  it('holds no secret itself', () => {
    for (const { environment = {} } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/SECRET|PASSWORD|KEY/.test(name)) expect(value).toMatch(/^\$\{\w+:[?-][^}]*\}$/);
      }
    }
  });

  it('checks the health of every service', () => {
    for (const { image, healthcheck } of Object.values(services)) if (image) expect(healthcheck?.test[0]).toBe('CMD');
    for (const node of nodes) expect(node).toMatchObject({ build: '.' });
    expect(services['nginx']!.depends_on).toEqual({
      node1: { condition: 'service_healthy' },
      node2: { condition: 'service_healthy' },
    });
  });

  it('lets a node finish its answers before it is killed', () => {
    for (const node of nodes) {
      const graceMs = Number(/^(\d+)s$/.exec(node.stop_grace_period ?? '')?.[1]) * 1000;
      expect(graceMs).toBeGreaterThan(loadConfig(environmentOf(node, secrets)).server.shutdownGraceMs);
    }
  });

  it('gives each node a data folder of its own', () => {
    expect(nodes.map((node) => node.volumes)).toEqual([['node1-data:/data'], ['node2-data:/data']]);
  });
});

describe('The proxy', () => {
  const conf = read('ops/nginx/talksy.conf');

  it('is mounted from a file that exists', () => {
    const [mount = ''] = services['nginx']!.volumes ?? [];
    expect(existsSync(resolve(root, mount.split(':')[0]!))).toBe(true);
  });

  it('knows the nodes by name and port, and keeps a client on one of them', () => {
    const upstreams = [...conf.matchAll(/^\s*server (\w+):(\d+)/gm)].map(([, name, port]) => [name, Number(port)]);
    expect(upstreams).toEqual(['node1', 'node2'].map((name) => [name, services[name]!.environment?.['PORT']]));
    expect(conf).toMatch(/^\s*ip_hash;$/m);
  });

  it.each([
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_buffering off;',
  ])('says %s', (directive) => {
    expect(conf).toContain(directive);
  });

  it('waits longer than the pause between two pings and than the longest answer', () => {
    const readTimeoutMs = Number(/proxy_read_timeout (\d+)s;/.exec(conf)?.[1]) * 1000;
    const { server, run } = loadConfig({});
    expect(readTimeoutMs).toBeGreaterThan(Math.max(server.socketPingIntervalMs, run.timeoutMs));
  });
});

describe('The image', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const last = (instruction: string): string => lines.findLast((line) => line.startsWith(`${instruction} `)) ?? '';

  it('is built in stages from the lock file', () => {
    expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
    expect(lines).toContain('RUN npm ci');
  });

  it('runs as somebody without rights', () => {
    expect(last('USER')).toBe('USER node');
  });

  it('makes Node the process that gets the signals', () => {
    expect(last('CMD')).toMatch(/^CMD \["node", .*"dist\/main\.js"\]$/);
  });

  it('is healthy when the node is ready', () => {
    expect(last('HEALTHCHECK')).toContain('/health/ready');
  });

  it('is for production and keeps its data in a volume', () => {
    expect(last('ENV')).toMatch(/NODE_ENV=production\s+DATA_DIR=\/data/);
    expect(last('VOLUME')).toBe('VOLUME /data');
  });
});
