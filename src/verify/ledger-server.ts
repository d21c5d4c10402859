import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { longAnswer } from './long-answer.js';

/** How long a call takes, so that faults come in the middle of it. */
const CALL_MS = 400;
const TOOL = { name: 'book', description: 'Books a seat.', inputSchema: { type: 'object' as const, properties: {} } };

/**
 * An MCP server whose one tool counts how often it is called: the outside world, where a call that is made twice shows.
 * Without sessions, so that a node may come back to it at any time.
 */
export class LedgerServer {
  /** The tool's name as a node offers it. */
  static readonly toolName = 'ledger_book';
  calls = 0;
  private constructor(
    private readonly http: HttpServer,
    private readonly words: number,
  ) {}

  /** @param words length of what a call returns, which the model then repeats. */
  static async start(words: number): Promise<LedgerServer> {
    const http = createServer();
    const ledger = new LedgerServer(http, words);
    http.on('request', (request, response) => void ledger.answer(request, response));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return ledger;
  }

  /** What a node must be given to offer the tool. */
  get env(): Record<string, string> {
    const { port } = this.http.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/mcp`;
    return { MCP_SERVERS: JSON.stringify({ ledger: { url, approval: 'never' } }) };
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.http.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const transport = new StreamableHTTPServerTransport({});
    const server = new Server({ name: 'ledger', version: '1.0.0' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [TOOL] }));
    server.setRequestHandler(CallToolRequestSchema, () => this.book());
    response.on('close', () => void server.close());
    await server.connect(transport as Parameters<Server['connect']>[0]);
    await transport.handleRequest(request, response);
  }

  private async book() {
    const number = ++this.calls;
    await new Promise((resolve) => setTimeout(resolve, CALL_MS));
    return { content: [{ type: 'text' as const, text: longAnswer(this.words, number) }] };
  }
}
