import { loadConfig } from '../load-config.js';

const serversOf = (value: unknown) =>
  loadConfig({ MCP_SERVERS: typeof value === 'string' ? value : JSON.stringify(value) }).tools.mcpServers;

describe('MCP_SERVERS', () => {
  it('names programs and addresses', () => {
    expect(
      serversOf({ files: { command: 'npx', args: ['-y', 'x'] }, web: { url: 'https://mcp.example.com' } }),
    ).toEqual([
      { name: 'files', command: 'npx', args: ['-y', 'x'], env: {}, approval: 'destructive', role: 'user' },
      { name: 'web', url: 'https://mcp.example.com', headers: {}, approval: 'destructive', role: 'user' },
    ]);
    expect(serversOf('')).toEqual([]);
  });

  it('may be what other programs keep under mcpServers', () => {
    const [server] = serversOf({ mcpServers: { a: { command: 'b', approval: 'always', role: 'admin' } } });
    expect(server).toMatchObject({ name: 'a', approval: 'always', role: 'admin' });
  });

  it.each([
    'no json: s3cret',
    '[]',
    '{"a b": {"command": "s3cret"}}',
    '{"a": {"url": "ftp://s3cret"}}',
    '{"a": {"command": "s3cret", "url": "https://example.com"}}',
    '{"a": {"command": "s3cret", "approval": "maybe"}}',
    'null',
  ])('refuses %s, and repeats nothing of it', (value) => {
    expect(() => serversOf(value)).toThrow(/^MCP_SERVERS must be a JSON object (?!.*s3cret)/);
  });
});

describe('MCP_ALLOWED_HOSTS', () => {
  it('lists names in lower case', () => {
    expect(loadConfig({ MCP_ALLOWED_HOSTS: 'Chat.example.com, [::1]:80,' }).tools.mcpAllowedHosts).toEqual([
      'chat.example.com',
      '[::1]:80',
    ]);
    expect(loadConfig({}).tools.mcpAllowedHosts).toEqual([]);
  });

  it('refuses addresses', () => {
    expect(() => loadConfig({ MCP_ALLOWED_HOSTS: 'https://chat.example.com' })).toThrow(/MCP_ALLOWED_HOSTS must list/);
  });
});
