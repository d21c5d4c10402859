import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type HealthProbe, HealthProbes, type ProbeReport } from '../../common/health-probe.js';
import { ToolConfig } from '../../config/config.js';
import { ToolRegistry } from '../tool-registry.service.js';
import { McpLink } from './mcp-link.js';

/** The configured MCP servers. The server starts without waiting for them, and lives without them. */
@Injectable()
export class McpServers implements HealthProbe, OnApplicationBootstrap, OnModuleDestroy {
  readonly name = 'tools';
  readonly required = false;
  private readonly links: readonly McpLink[];

  constructor(
    registry: ToolRegistry,
    config: ToolConfig,
    private readonly probes: HealthProbes,
  ) {
    this.links = config.mcpServers.map((server) => new McpLink(server, registry, config));
  }

  onApplicationBootstrap(): void {
    if (this.links.length > 0) this.probes.register(this);
    for (const link of this.links) void link.open();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.links.map((link) => link.close()));
  }

  /** Degraded while a server is away. */
  async check(): Promise<ProbeReport> {
    const servers = this.links.map(({ name, connected, toolCount }) => ({ name, connected, tools: toolCount }));
    return { status: servers.every(({ connected }) => connected) ? 'healthy' : 'degraded', servers };
  }
}
