/**
 * An MCP server of its own process, made with the official SDK. Without an argument it speaks over its standard
 * streams; with a port (0: any) over HTTP, and prints its address.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const object = (properties = {}) => ({ type: 'object', properties });

const TOOLS = {
  echo: {
    description: 'Says it again.',
    inputSchema: { ...object({ words: { type: 'string' } }), required: ['words'] },
    annotations: { readOnlyHint: true },
    call: ({ words }) => text(words),
  },
  'delete.all': {
    title: 'Deletes everything.',
    inputSchema: object(),
    annotations: { destructiveHint: true },
    call: () => text('deleted'),
  },
  measure: {
    inputSchema: object(),
    call: () => ({ ...text('{"height":5}'), structuredContent: { height: 5 } }),
  },
  picture: {
    inputSchema: object(),
    call: () => ({
      content: [
        { type: 'text', text: 'Look:' },
        { type: 'image', mimeType: 'image/png', data: 'AAAA' },
      ],
    }),
  },
  fail: { inputSchema: object(), call: () => ({ isError: true, ...text('The well is dry.') }) },
  hang: { inputSchema: object(), call: () => new Promise(() => {}) },
  die: { inputSchema: object(), call: () => process.exit(1) },
  learn: {
    inputSchema: object(),
    call: async (_parameters, server) => {
      TOOLS.learnt = { inputSchema: object(), call: () => text('learnt') };
      await server.sendToolListChanged();
      return text('ready');
    },
  },
};

function makeServer() {
  const server = new Server({ name: 'test', version: '3.2.1' }, { capabilities: { tools: { listChanged: true } } });
  // One tool a page, so that a client that reads one page misses the rest.
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const at = Number(params?.cursor ?? 0);
    const names = Object.keys(TOOLS);
    const { call: _call, ...tool } = TOOLS[names[at]];
    return { tools: [{ name: names[at], ...tool }], ...(at + 1 < names.length && { nextCursor: String(at + 1) }) };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    TOOLS[params.name].call(params.arguments ?? {}, server),
  );
  return server;
}

async function listen(port) {
  const transports = new Map();
  const answer = async (request, response) => {
    if (request.headers.authorization !== 'Bearer open sesame') return response.writeHead(401).end();
    const id = request.headers['mcp-session-id'];
    if (id && !transports.has(id)) return response.writeHead(404).end();
    let transport = transports.get(id);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (made) => transports.set(made, transport),
      });
      await makeServer().connect(transport);
    }
    await transport.handleRequest(request, response);
  };
  const http = createServer((request, response) => void answer(request, response));
  http.listen(port, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${http.address().port}/mcp\n`));
}

const [port] = process.argv.slice(2);
if (port === undefined) await makeServer().connect(new StdioServerTransport());
else await listen(Number(port));
