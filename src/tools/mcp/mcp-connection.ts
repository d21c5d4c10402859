import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerConfig } from '../../config/config.js';

const CLIENT = { name: 'talksy', version: '1.0.0' };
const CONNECT_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 30_000;
/** More tools than this from one server would fill every request to a model. */
const MAX_TOOLS = 200;

/** A tool as an MCP server describes it. */
export type McpTool = Awaited<ReturnType<Client['listTools']>>['tools'][number];

export interface McpConnectionListener {
  onToolsChanged(): void;
  /** Called once. */
  onLost(): void;
}

/** One connection to an MCP server, from its handshake to its end. The SDK is loaded with the first one. */
export class McpConnection {
  private pings: NodeJS.Timeout | undefined;
  private isOver = false;

  private constructor(
    private readonly client: Client,
    private readonly listener: McpConnectionListener,
  ) {}

  /** Rejects where the server cannot be reached or does not answer in time. */
  static async open(server: McpServerConfig, listener: McpConnectionListener): Promise<McpConnection> {
    const { Client: McpClient } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { ToolListChangedNotificationSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const client = new McpClient(CLIENT, { capabilities: {} });
    const connection = new McpConnection(client, listener);
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => listener.onToolsChanged());
    client.onclose = () => connection.lost();
    try {
      await client.connect(await transportTo(server), { timeout: CONNECT_TIMEOUT_MS });
    } catch (error) {
      connection.isOver = true;
      await client.close().catch(() => undefined);
      throw error;
    }
    connection.watch();
    return connection;
  }

  /** What the server calls its version. */
  get version(): string {
    return this.client.getServerVersion()?.version ?? '0';
  }

  async listTools(): Promise<McpTool[]> {
    const tools: McpTool[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.client.listTools({ cursor }, { timeout: CONNECT_TIMEOUT_MS });
      tools.push(...page.tools);
      cursor = page.nextCursor;
    } while (cursor && tools.length < MAX_TOOLS);
    return tools.slice(0, MAX_TOOLS);
  }

  /** Rejects with an McpError where the server refuses; where it cannot be reached the connection is over as well. */
  async callTool(name: string, parameters: Record<string, unknown>, limit: { signal: AbortSignal; timeout: number }) {
    const { McpError } = await import('@modelcontextprotocol/sdk/types.js');
    try {
      return await this.client.callTool({ name, arguments: parameters }, undefined, limit);
    } catch (error) {
      if (!(error instanceof McpError) && !limit.signal.aborted) this.lost();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.isOver = true;
    clearInterval(this.pings);
    await this.client.close().catch(() => undefined);
  }

  /** Over HTTP nothing tells that a server has gone, or has forgotten the session. */
  private watch(): void {
    const ping = (): void => void this.client.ping({ timeout: CONNECT_TIMEOUT_MS }).catch(() => this.lost());
    this.pings = setInterval(ping, PING_EVERY_MS).unref();
  }

  private lost(): void {
    if (this.isOver) return;
    void this.close();
    this.listener.onLost();
  }
}

async function transportTo(server: McpServerConfig): Promise<Transport> {
  if ('url' in server) {
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
    return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers: { ...server.headers } } });
  }
  const { StdioClientTransport, getDefaultEnvironment } = await import('@modelcontextprotocol/sdk/client/stdio.js');
  const { command, args, env, cwd } = server;
  return new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: 'ignore',
    ...(cwd && { cwd }),
  });
}
