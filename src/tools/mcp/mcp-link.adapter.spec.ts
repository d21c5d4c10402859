import { Metrics } from '../../observability/metrics.service.js';
import { ToolMetrics } from '../tool-metrics.service.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { HealthProbes } from '../../common/health-probe.js';
import { loadConfig } from '../../config/load-config.js';
import { until } from '../../../test/support/fake-talksy-server.js';
import { ToolRegistry } from '../tool-registry.service.js';
import { ToolRunner } from '../tool-runner.service.js';
import { McpServers } from './mcp-servers.service.js';

const SERVER = 'test/support/mcp-server.mjs';
const caller = { userId: 'u', role: 'user' } as const;

describe('A server of MCP that Talksy uses', () => {
  const children: ChildProcess[] = [];
  let servers: McpServers;
  let registry: ToolRegistry;
  let runner: ToolRunner;
  const names = () => registry.list('user').map(({ spec }) => spec.name);
  const use = (table: object, more: Record<string, string> = {}): void => {
    const { tools } = loadConfig({ MCP_SERVERS: JSON.stringify(table), ...more });
    registry = new ToolRegistry(tools);
    runner = new ToolRunner(registry, tools, new ToolMetrics(new Metrics()));
    servers = new McpServers(registry, tools, new HealthProbes());
    servers.onApplicationBootstrap();
  };
  const call = async (name: string, parameters: object = {}, signal = new AbortController().signal) => {
    const { result } = await runner.run(runner.prepare(name, parameters, caller), caller, { callId: 'c' }, signal);
    return result.success ? result.data : `${result.error.code}: ${result.error.message}`;
  };
  const overStdio = { command: process.execPath, args: [SERVER] };
  /** Starts a server on HTTP; its address. */
  const overHttp = async (port = '0'): Promise<{ url: string; child: ChildProcess }> => {
    const child = spawn(process.execPath, [SERVER, port], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    return { url: line.toString().trim(), child };
  };

  afterEach(async () => {
    await servers.onModuleDestroy();
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('brings its tools under its name, over standard streams', async () => {
    use({ test: overStdio });
    await until(() => names().includes('test_echo'));
    expect(names()).toEqual(
      ['delete_all', 'die', 'echo', 'fail', 'hang', 'learn', 'measure', 'picture'].map((name) => `test_${name}`),
    );
    expect(registry.require('test_echo', 'user').definition).toMatchObject({
      description: 'Says it again.',
      category: 'custom',
      version: '3.2.1',
      requiresApproval: false,
      parameters: { properties: { words: { type: 'string' } }, required: ['words'] },
    });
    expect(await call('test_echo', { words: 'hello' })).toBe('hello');
    expect(await servers.check()).toEqual({
      status: 'healthy',
      servers: [{ name: 'test', connected: true, tools: 8 }],
    });
  });

  it('does so over HTTP, with the headers it is to be sent', async () => {
    const { url } = await overHttp();
    use({ web: { url, headers: { authorization: 'Bearer open sesame' } } });
    await until(() => names().includes('web_echo'));
    expect(await call('web_echo', { words: 'over the web' })).toBe('over the web');
    expect(await call('web_measure')).toEqual({ height: 5 });
    expect(await call('web_picture')).toEqual([
      { type: 'text', text: 'Look:' },
      { type: 'image', mimeType: 'image/png' },
    ]);
    expect(await call('web_fail')).toBe('TOOL_FAILED: The well is dry.');
  });

  it('needs approval for what destroys, or for all, or for nothing, as it is configured', async () => {
    use({ some: overStdio, all: { ...overStdio, approval: 'always' }, none: { ...overStdio, approval: 'never' } });
    await until(() => names().length === 24);
    const needing = registry.list('user').filter(({ spec }) => spec.requiresApproval);
    expect(needing.filter(({ spec }) => !spec.name.startsWith('all_')).map(({ spec }) => spec.name)).toEqual([
      'some_delete_all',
    ]);
    expect(needing).toHaveLength(9);
    expect(registry.require('some_echo', 'user').spec.idempotent).toBe(true);
    expect(registry.require('some_measure', 'user').spec.idempotent).toBe(false);
  });

  it('is timed out, and stopped, like any other tool', async () => {
    use({ test: overStdio }, { TOOL_TIMEOUT_MS: '50' });
    await until(() => names().includes('test_hang'));
    expect(await call('test_hang')).toBe('TOOL_TIMEOUT: The tool took longer than 50 ms.');
    const run = new AbortController();
    const hanging = call('test_hang', {}, run.signal);
    run.abort(new Error('stopped'));
    await expect(hanging).rejects.toThrow('stopped');
  });

  it('changes its tools while it is there', async () => {
    use({ test: overStdio });
    await until(() => names().includes('test_learn'));
    await call('test_learn');
    await until(() => names().includes('test_learnt'));
    expect(await call('test_learnt')).toBe('learnt');
  });

  it('takes its tools along when it dies, and brings them back', async () => {
    use({ test: overStdio });
    await until(() => names().includes('test_die'));
    expect(await call('test_die')).toMatch(/^TOOL_FAILED: /);
    await until(() => names().length === 0);
    expect(await servers.check()).toMatchObject({ status: 'degraded' });
    await until(() => names().includes('test_echo'));
    expect(await call('test_echo', { words: 'again' })).toBe('again');
  });

  it('comes back over HTTP, too', async () => {
    const { url, child } = await overHttp();
    use({ web: { url, headers: { authorization: 'Bearer open sesame' } } });
    await until(() => names().includes('web_echo'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await call('web_echo', { words: 'x' })).toBe('TOOL_FAILED: The tool failed: its server cannot be reached');
    await until(() => names().length === 0);
    await overHttp(new URL(url).port);
    await until(() => names().includes('web_echo'));
    expect(await call('web_echo', { words: 'back' })).toBe('back');
  });

  it('is waited for while it cannot be had', async () => {
    const { url } = await overHttp();
    use({ gone: { command: '/nonexistent/program' }, closed: { url } });
    await until(() => names().length === 0);
    expect(await servers.check()).toMatchObject({ status: 'degraded' });
  });
});
