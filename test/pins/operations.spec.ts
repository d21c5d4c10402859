import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../docs/ops');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const OWN = /talksy_[a-z_]+/g;
const plain = (name: string) => name.replace(/_(bucket|count|sum)$/, '');

interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: { runbook: string } }[] }[];
}

describe('The documents for operators', () => {
  const page = read('README.md');
  const listed = new Set(page.match(OWN));
  const { rules } = (parse(read('alerts.yml')) as Rules).groups[0]!;

  it('name only metrics that are listed, in alerts and in the dashboard', () => {
    const used = [
      ...rules.flatMap(({ expr }) => expr.match(OWN) ?? []),
      ...(read('grafana-dashboard.json').match(OWN) ?? []),
    ];
    expect(used.length).toBeGreaterThan(15);
    expect(used.map(plain).filter((name) => !listed.has(name))).toEqual([]);
  });

  it('list the metrics that the code makes, and no others', () => {
    const { stdout } = spawnSync('grep', ['-rhoE', "'talksy_[a-z_]+'", join(folder, '../../src')], {
      encoding: 'utf8',
    });
    const made = new Set(stdout.match(OWN));
    expect([...listed].sort()).toEqual([...made].sort());
  });

  it('say what to do about each alert', () => {
    for (const { alert, annotations } of rules) {
      expect(page).toContain(`### ${alert}\n`);
      expect(annotations.runbook).toBe(`docs/ops/README.md#${alert.toLowerCase()}`);
    }
  });

  it('please the linter of Prometheus', () => {
    const { error, status, stderr } = spawnSync('promtool', ['check', 'rules', join(folder, 'alerts.yml')], {
      encoding: 'utf8',
    });
    if (error) return void process.stderr.write('not run: promtool check rules (no promtool on this machine)\n');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
