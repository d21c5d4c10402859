import { Logger } from '@nestjs/common';
import type { McpServerConfig, ToolConfig } from '../../config/config.js';
import type { ToolSpec } from '../tool.js';
import { ToolRegistry } from '../tool-registry.service.js';
import { McpConnection, type McpTool } from './mcp-connection.js';
import { McpToolHandler } from './mcp-tool.handler.js';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
const MAX_NAME = 64;
const MAX_DESCRIPTION = 1024;

/** Keeps one MCP server's tools in the registry while it can be reached, and comes back to it when it could not. */
export class McpLink {
  private readonly logger = new Logger(McpLink.name);
  private connection: McpConnection | undefined;
  private removals: (() => void)[] = [];
  private failures = 0;
  private retry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly server: McpServerConfig,
    private readonly registry: ToolRegistry,
    private readonly config: ToolConfig,
  ) {}

  get name(): string {
    return this.server.name;
  }

  get connected(): boolean {
    return this.connection !== undefined;
  }

  get toolCount(): number {
    return this.removals.length;
  }

  /** Resolves when the first try is over, whatever came of it. */
  async open(): Promise<void> {
    try {
      const connection = await McpConnection.open(this.server, {
        onToolsChanged: () => void this.refresh(),
        onLost: () => this.onLost(),
      });
      if (this.isClosed) return await connection.close();
      this.connection = connection;
      this.failures = 0;
      await this.refresh();
    } catch (error) {
      this.tryLater(error);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    this.removeTools();
    await this.connection?.close();
  }

  private onLost(): void {
    this.connection = undefined;
    this.removeTools();
    this.tryLater('the connection was lost');
  }

  private tryLater(reason: unknown): void {
    if (this.isClosed) return;
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures++);
    const delayMs = Math.round(longest * (0.5 + Math.random() / 2));
    this.logger.warn(`MCP server ${this.name} is away, next try in ${delayMs} ms: ${String(reason)}`);
    this.retry = setTimeout(() => void this.open(), delayMs).unref();
  }

  /** Puts what the server offers now in the place of what it offered before. */
  private async refresh(): Promise<void> {
    const { connection } = this;
    if (!connection) return;
    try {
      const tools = await connection.listTools();
      if (connection !== this.connection) return;
      this.removeTools();
      for (const tool of tools) this.addTool(connection, tool);
      this.logger.log(`MCP server ${this.name}: ${this.toolCount} tools`);
    } catch (error) {
      this.logger.warn(`MCP server ${this.name} does not say what it offers: ${String(error)}`);
    }
  }

  private addTool(connection: McpConnection, tool: McpTool): void {
    const handler = new McpToolHandler(connection, tool.name, this.config.timeoutMs);
    try {
      this.removals.push(this.registry.register(specOf(this.server, tool, connection.version), handler));
    } catch (error) {
      this.logger.warn(`tool ${tool.name} of MCP server ${this.name} is left out: ${String(error)}`);
    }
  }

  private removeTools(): void {
    for (const remove of this.removals.splice(0)) remove();
  }
}

/** The tool under the server's name. Without a hint that a second call does no harm it counts as doing some. */
function specOf({ name: server, approval, role }: McpServerConfig, tool: McpTool, version: string): ToolSpec {
  const { annotations = {}, description = '', title = '', inputSchema } = tool;
  const isHarmless = annotations.readOnlyHint === true || annotations.idempotentHint === true;
  const destroys = annotations.destructiveHint === true && annotations.readOnlyHint !== true;
  return {
    name: `${server}_${tool.name}`.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, MAX_NAME),
    description: (description || title || tool.name).slice(0, MAX_DESCRIPTION),
    category: 'custom',
    parameters: inputSchema,
    version,
    idempotent: isHarmless,
    requiredRole: role,
    requiresApproval: approval === 'always' || (approval === 'destructive' && destroys),
  };
}
