import Joi from 'joi';
import type { ToolConfig } from '../config.js';
import { count, millis } from './kinds.js';
import { hostNames, mcpServers } from './mcp-servers.js';
import { type Settings, readerOf } from './reader.js';

/** What tools may do and how long they may take. */
export const toolVariables = {
  TOOL_TIMEOUT_MS: millis(1).default(10_000).description('Longest time a tool may take, unless it says otherwise.'),
  TOOL_MAX_CONCURRENT: count(1)
    .default(8)
    .description('Tools that may run at once on this node; one user gets at most half of them, rounded up.'),
  TOOL_APPROVAL_TTL_MS: millis(1)
    .default(600_000)
    .description('How long a tool that needs approval waits for it before it counts as denied.'),
  HTTP_FETCH_ENABLED: Joi.boolean()
    .default(false)
    .description('Offers `http_fetch`, which reads public web addresses; private ones are always refused.'),
  MCP_SERVERS: mcpServers().description(
    'MCP servers whose tools are offered too: `{"name": {"command": "…", "args": […]}}` or `{"name": {"url": "…"}}`.',
  ),
  MCP_ALLOWED_HOSTS: hostNames().description(
    'Names under which `/mcp` may be called, beside this machine’s own; a foreign Host or Origin is refused.',
  ),
};

/** What the tools need. */
export function toolSlice(settings: Settings): ToolConfig {
  const read = readerOf(toolVariables, settings);
  return {
    timeoutMs: read('TOOL_TIMEOUT_MS'),
    maxConcurrent: read('TOOL_MAX_CONCURRENT'),
    approvalTtlMs: read('TOOL_APPROVAL_TTL_MS'),
    httpFetchEnabled: read('HTTP_FETCH_ENABLED'),
    mcpServers: read<ToolConfig['mcpServers'] | undefined>('MCP_SERVERS') ?? [],
    mcpAllowedHosts: read<string[] | undefined>('MCP_ALLOWED_HOSTS') ?? [],
  };
}
