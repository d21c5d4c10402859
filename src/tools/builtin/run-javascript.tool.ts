import { TalksyError } from '../../common/errors/talksy-error.js';
import { Sandbox } from '../sandbox/sandbox.service.js';
import { Tool } from '../tool.decorator.js';
import { type ToolContext, ToolHandler } from '../tool.js';

export interface JavaScriptParameters {
  code: string;
  input?: unknown;
}

const DESCRIPTION =
  'Runs JavaScript (ES2023) in an isolated interpreter and returns the value of its last expression, or what it ' +
  'returns with `return`, and what it logs with console.log. Use it for data processing, text handling and algorithms. ' +
  'There is no network, no file system, no modules, no timers and no DOM; at most 200 ms and 16 MB.';

/** Programs that a model wrote, where they can do no harm. */
@Tool({
  name: 'run_javascript',
  description: DESCRIPTION,
  category: 'system',
  version: '1.0.0',
  idempotent: true,
  parameters: {
    type: 'object',
    properties: {
      code: { type: 'string', minLength: 1, maxLength: 20_000, examples: ['[1, 2, 3].map((n) => n * n)'] },
      input: { description: 'Any JSON; the program finds it as `input`.', examples: [null] },
    },
    required: ['code'],
    additionalProperties: false,
  },
})
export class RunJavaScriptTool extends ToolHandler<JavaScriptParameters> {
  constructor(private readonly sandbox: Sandbox) {
    super();
  }

  override async execute(
    { code, input }: JavaScriptParameters,
    { signal }: ToolContext,
  ): Promise<{ value: unknown; logs?: string[] }> {
    const outcome = await this.sandbox.run(code, input, signal);
    if (!outcome.ok) throw new TalksyError('TOOL_FAILED', `${outcome.name}: ${outcome.message}`);
    const { value, logs } = outcome;
    return { value, ...(logs.length > 0 && { logs }) };
  }
}
