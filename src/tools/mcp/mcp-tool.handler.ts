import { TalksyError } from '../../common/errors/talksy-error.js';
import { type ToolContext, ToolHandler } from '../tool.js';
import type { McpConnection } from './mcp-connection.js';

type CallResult = Awaited<ReturnType<McpConnection['callTool']>>;

const MAX_ERROR_CHARS = 2000;

/** A tool of an MCP server: calls it over the connection that it came with. */
export class McpToolHandler extends ToolHandler {
  constructor(
    private readonly connection: McpConnection,
    private readonly toolName: string,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  /** Throws TOOL_FAILED with what the server says, or that it cannot be reached. */
  override async execute(parameters: Record<string, unknown>, { signal }: ToolContext): Promise<unknown> {
    // The runner's own time limit strikes first and aborts the signal; this one only ends what the SDK waits for.
    const limit = { signal, timeout: 2 * this.timeoutMs };
    const result = await this.connection.callTool(this.toolName, parameters, limit).catch((error: Error) => {
      signal.throwIfAborted();
      const said = error.name === 'McpError' ? error.message : 'its server cannot be reached';
      throw failed(`The tool failed: ${said}`, error);
    });
    if (result.isError) throw failed(textIn(result) || 'The tool failed.');
    return dataIn(result);
  }
}

const failed = (message: string, cause?: unknown): TalksyError =>
  new TalksyError('TOOL_FAILED', message.slice(0, MAX_ERROR_CHARS), { cause });

/** What a model can read of the result: structure where there is some, else text; of pictures and sounds only what they are. */
function dataIn(result: CallResult): unknown {
  if (result.structuredContent) return result.structuredContent;
  const content = partsOf(result);
  if (content.every(({ type }) => type === 'text')) return textIn(result);
  return content.map(({ data: _data, blob: _blob, ...rest }) => rest);
}

const textIn = (result: CallResult): string =>
  partsOf(result)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('\n')
    .trim();

const partsOf = ({ content }: CallResult): Record<string, unknown>[] =>
  Array.isArray(content) ? (content as Record<string, unknown>[]) : [];
