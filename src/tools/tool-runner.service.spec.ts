import { Metrics } from '../observability/metrics.service.js';
import { ToolMetrics } from './tool-metrics.service.js';
import { loadConfig } from '../config/load-config.js';
import { addTool } from '../../test/support/tool-bench.js';
import { ToolRegistry } from './tool-registry.service.js';
import { ToolRunner } from './tool-runner.service.js';

const caller = { userId: 'u', role: 'user' } as const;
const never = new AbortController().signal;

function bench(env: Record<string, string> = {}) {
  const { tools } = loadConfig(env);
  const registry = new ToolRegistry(tools);
  const runner = new ToolRunner(registry, tools, new ToolMetrics(new Metrics()));
  const call = (name: string, parameters?: unknown, signal = never) =>
    runner.run(runner.prepare(name, parameters, caller), caller, { callId: 'c' }, signal);
  return { registry, runner, call };
}

describe('The runner of tools', () => {
  it('names a call by tool, version and parameters, whatever their order', () => {
    const { registry, runner } = bench();
    addTool(registry, { name: 'one' }, () => 1);
    addTool(registry, { name: 'two' }, () => 1);
    const digest = (name: string, parameters: unknown) => runner.prepare(name, parameters, caller).digest;
    expect(digest('one', '{"a":1,"b":{"c":[1,2],"d":null}}')).toBe(digest('one', { b: { d: null, c: [1, 2] }, a: 1 }));
    const others = [
      digest('one', { a: 1 }),
      digest('one', { a: '1' }),
      digest('one', { a: [1] }),
      digest('two', { a: 1 }),
    ];
    expect(new Set(others).size).toBe(4);
  });

  it.each([
    ['x'.repeat(70_000), 'at most 65536'],
    ['['.repeat(40) + ']'.repeat(40), 'deeper than 32'],
    ['{', 'not valid JSON'],
    ['5', 'must be object'],
    ['null', 'must be object'],
  ])('refuses the parameters %.20s', (parameters, message) => {
    const { registry, runner } = bench();
    addTool(registry, { name: 'any' }, () => 1);
    expect(() => runner.prepare('any', parameters, caller)).toThrow(message);
  });

  it('takes brackets in texts for what they are, and nothing for an empty object', async () => {
    const { registry, call } = bench();
    addTool(registry, { name: 'any' }, (parameters) => parameters);
    const code = '{[('.repeat(40);
    expect((await call('any', { code })).result).toEqual({ success: true, data: { code } });
    expect((await call('any', '')).result).toEqual({ success: true, data: {} });
    expect((await call('any')).result).toEqual({ success: true, data: {} });
  });

  it('lets calls wait for a slot, but not for ever', async () => {
    const { registry, call } = bench({ TOOL_MAX_CONCURRENT: '1' });
    const { promise, resolve } = Promise.withResolvers<string>();
    addTool(registry, { name: 'slow' }, () => promise);
    addTool(registry, { name: 'hasty', timeoutMs: 20 }, () => 'never');
    const first = call('slow');
    await expect(call('hasty')).rejects.toMatchObject({ code: 'OVERLOADED' });
    const second = call('slow');
    resolve('done');
    expect([(await first).result, (await second).result]).toEqual([
      { success: true, data: 'done' },
      { success: true, data: 'done' },
    ]);
  });

  it('rejects when it is to stop, waiting or at work', async () => {
    const { registry, call } = bench({ TOOL_MAX_CONCURRENT: '1' });
    addTool(registry, { name: 'endless' }, () => new Promise(() => undefined));
    const stop = new AbortController();
    const calls = [call('endless', {}, stop.signal), call('endless', {}, stop.signal)];
    stop.abort(new Error('stopped'));
    const reason = new Error('stopped');
    expect(await Promise.allSettled(calls)).toEqual(calls.map(() => ({ status: 'rejected', reason })));
  });
});

describe('The registry of tools', () => {
  it('refuses a name that is taken, or none, and a schema that is none', () => {
    const { registry } = bench();
    addTool(registry, { name: 'one' }, () => 1);
    for (const name of ['one', '', 'two words', 'ä', 'x'.repeat(65)]) {
      expect(() => addTool(registry, { name }, () => 1)).toThrow(/already|no name for a tool/);
    }
    expect(() => addTool(registry, { name: 'two', parameters: { type: 'nonsense' } }, () => 1)).toThrow(/schema/);
  });

  it('gives a name free again, to whoever has it now', () => {
    const { registry } = bench();
    const remove = addTool(registry, { name: 'one' }, () => 1);
    remove();
    addTool(registry, { name: 'one', version: '2' }, () => 2);
    remove();
    expect(registry.require('one', 'guest').spec.version).toBe('2');
  });

  it('shows each role what it may use', () => {
    const { registry } = bench();
    addTool(registry, { name: 'all' }, () => 1);
    addTool(registry, { name: 'members', requiredRole: 'user' }, () => 1);
    addTool(registry, { name: 'rulers', requiredRole: 'admin', deprecated: true }, () => 1);
    const names = (role: 'guest' | 'user' | 'service' | 'admin', includeDeprecated = true) =>
      registry.definitions(role, { includeDeprecated }).map(({ name }) => name);
    expect([names('guest'), names('user'), names('service')]).toEqual([
      ['all'],
      ['all', 'members'],
      ['all', 'members'],
    ]);
    expect([names('admin'), names('admin', false)]).toEqual([
      ['all', 'members', 'rulers'],
      ['all', 'members'],
    ]);
    expect(() => registry.require('members', 'guest')).toThrow('There is no tool "members".');
  });

  it('offers models what their user may use, and no longer what has left', () => {
    const { registry } = bench();
    const names = (role: 'guest' | 'user') => registry.offer(role).map(({ name }) => name);
    const remove = addTool(registry, { name: 'all' }, () => 1);
    expect([names('guest'), names('user')]).toEqual([['all'], ['all']]);
    addTool(registry, { name: 'members', requiredRole: 'user' }, () => 1);
    addTool(registry, { name: 'old', deprecated: true }, () => 1);
    expect([names('guest'), names('user')]).toEqual([['all'], ['all', 'members']]);
    remove();
    expect([names('guest'), names('user')]).toEqual([[], ['members']]);
    expect(Object.keys(registry.offer('user')[0]!)).toEqual(['name', 'description', 'parameters']);
  });

  it('reads schemas of the drafts that are in use', () => {
    const { registry, runner } = bench();
    const tuple = { type: 'array', items: [{ type: 'string' }], additionalItems: false };
    const $schema = 'http://json-schema.org/draft-07/schema#';
    addTool(registry, { name: 'old', parameters: { $schema, properties: { pair: tuple } } }, () => 1);
    const prefix = { type: 'array', prefixItems: [{ type: 'string', format: 'email' }] };
    addTool(registry, { name: 'new', parameters: { properties: { pair: prefix }, custom: true } }, () => 1);
    expect(() => runner.prepare('old', { pair: ['a', 'b'] }, caller)).toThrow(/pair must NOT have more than 1 items/);
    expect(() => runner.prepare('new', { pair: ['a'] }, caller)).toThrow(/pair.0 must match format "email"/);
  });
});
