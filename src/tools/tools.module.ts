import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { MetricsModule } from '../observability/metrics.module.js';
import { CalculatorTool } from './builtin/calculator.tool.js';
import { CurrentTimeTool } from './builtin/current-time.tool.js';
import { HttpFetchTool } from './builtin/http-fetch.tool.js';
import { RunJavaScriptTool } from './builtin/run-javascript.tool.js';
import { SearchConversationsTool } from './builtin/search-conversations.tool.js';
import { DirectCalls } from './direct-calls.service.js';
import { PageFetcher } from './fetch/page-fetcher.service.js';
import { PublicNetwork } from './fetch/public-network.js';
import { McpServers } from './mcp/mcp-servers.service.js';
import { ToolDiscovery } from './registry/tool-discovery.service.js';
import { Sandbox } from './sandbox/sandbox.service.js';
import { ToolApprovals } from './tool-approvals.service.js';
import { ToolCallers } from './tool-callers.service.js';
import { ToolMetrics } from './tool-metrics.service.js';
import { ToolRegistry } from './tool-registry.service.js';
import { ToolRunner } from './tool-runner.service.js';

/** The tools of the house; a new one is a class in `builtin/` and a line here. */
const BUILT_IN = [CalculatorTool, CurrentTimeTool, HttpFetchTool, RunJavaScriptTool, SearchConversationsTool];

/** What models and people may have done: the registry of tools, and the one way to run them. */
@Module({
  imports: [DiscoveryModule, MetricsModule],
  providers: [
    ...BUILT_IN,
    DirectCalls,
    McpServers,
    PageFetcher,
    PublicNetwork,
    { provide: Sandbox, useFactory: () => new Sandbox() },
    ToolApprovals,
    ToolCallers,
    ToolDiscovery,
    ToolMetrics,
    ToolRegistry,
    ToolRunner,
  ],
  exports: [DirectCalls, ToolApprovals, ToolCallers, ToolRegistry, ToolRunner],
})
export class ToolsModule {}
