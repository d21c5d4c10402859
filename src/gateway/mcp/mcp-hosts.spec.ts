import { requireKnownHost } from './mcp-hosts.js';

const ALLOWED = ['chat.example.com', 'other.example:8443'];

describe('The MCP door of Talksy', () => {
  it.each([
    [{ host: 'localhost:3000' }],
    [{ host: '127.0.0.1' }],
    [{ host: '[::1]:3000' }],
    [{ host: 'Chat.Example.com:3000' }],
    [{ host: 'other.example:8443' }],
    [{ host: 'localhost', origin: 'http://localhost:5173' }],
    [{ host: 'localhost', origin: 'https://chat.example.com' }],
  ])('is open for %j', (headers) => expect(() => requireKnownHost(headers, ALLOWED)).not.toThrow());

  it.each([
    [{}],
    [{ host: 'evil.example' }],
    [{ host: 'localhost.evil.example' }],
    [{ host: 'other.example' }],
    [{ host: 'localhost', origin: 'http://evil.example' }],
    [{ host: 'localhost', origin: 'null' }],
    [{ host: 'localhost', origin: 'http://localhost.evil.example' }],
  ])('is shut for %j', (headers) =>
    expect(() => requireKnownHost(headers, ALLOWED)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' })),
  );
});
