import { Injectable } from '@nestjs/common';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { CallToolResult, ListToolsResult } from '@modelcontextprotocol/sdk/types.js';
import { newSecretId } from '../../common/ids.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { ToolCaller } from '../../tools/tool.js';
import { ToolRegistry } from '../../tools/tool-registry.service.js';
import { failedResult, resultText, type ToolResult } from '../../tools/tool-result.js';
import { ToolRunner } from '../../tools/tool-runner.service.js';

const SERVER = { name: 'talksy', version: '1.0.0' };

/** Talksy's tools as an MCP server offers them. Those that need approval are left out: nobody here could give it. */
@Injectable()
export class OfferedTools {
  constructor(
    private readonly registry: ToolRegistry,
    private readonly runner: ToolRunner,
  ) {}

  /** A server for one session; `caller` says on whose behalf, anew for each request. */
  async serve(caller: () => ToolCaller): Promise<Server> {
    const { Server: McpServer } = await import('@modelcontextprotocol/sdk/server/index.js');
    const { CallToolRequestSchema, ListToolsRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const server = new McpServer(SERVER, { capabilities: { tools: {}, logging: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => this.list(caller()));
    server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
      this.call(params.name, params.arguments, caller(), signal),
    );
    return server;
  }

  private list({ role }: ToolCaller): ListToolsResult {
    const offered = this.registry.list(role).filter(({ spec }) => !spec.requiresApproval);
    return {
      tools: offered.map(({ spec: { name, description, parameters, idempotent = false } }) => ({
        name,
        description,
        inputSchema: { ...parameters, type: 'object' as const },
        annotations: { idempotentHint: idempotent },
      })),
    };
  }

  /** What is wrong with the parameters is a result, from which a model learns; only an unknown tool is an error. */
  private async call(
    name: string,
    parameters: unknown,
    caller: ToolCaller,
    signal: AbortSignal,
  ): Promise<CallToolResult> {
    const { ErrorCode, McpError } = await import('@modelcontextprotocol/sdk/types.js');
    const { result } = await this.returned(name, parameters, caller, signal).catch((error: unknown) => {
      if (error instanceof TalksyError && error.code === 'TOOL_NOT_FOUND') {
        throw new McpError(ErrorCode.InvalidParams, error.message);
      }
      return { result: failedResult(error) };
    });
    return toCallResult(result);
  }

  private async returned(name: string, parameters: unknown, caller: ToolCaller, signal: AbortSignal) {
    const prepared = this.runner.prepare(name, parameters, caller);
    if (prepared.tool.spec.requiresApproval) throw new TalksyError('TOOL_NOT_FOUND', `There is no tool "${name}".`);
    return this.runner.run(prepared, caller, { callId: `mcp_${newSecretId()}` }, signal);
  }
}

function toCallResult(result: ToolResult): CallToolResult {
  const content = [{ type: 'text' as const, text: resultText(result) }];
  if (!result.success) return { content, isError: true };
  const { data } = result;
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  return {
    content,
    ...(isObject && { structuredContent: JSON.parse(JSON.stringify(data)) as Record<string, unknown> }),
  };
}
