import type { ModelTool } from '../../common/model-message.js';
import { ROLE_RANKS, type ToolDefinition, type ToolHandler, type ToolRole, type ToolSpec } from '../tool.js';
import { ParameterCheck } from './parameter-check.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** A tool that stands in the registry. */
export class RegisteredTool {
  readonly definition: ToolDefinition;
  /** What a model is told of it. */
  readonly forModel: ModelTool;
  readonly parameters: ParameterCheck;

  /** Throws an Error for a name that vendors would refuse, or a schema that is none. */
  constructor(
    readonly spec: ToolSpec,
    readonly handler: ToolHandler,
    defaultTimeoutMs: number,
  ) {
    if (!NAME.test(spec.name)) throw new Error(`"${spec.name}" is no name for a tool: 1 to 64 of A-Z a-z 0-9 _ -`);
    const { name, description, category, parameters, version, timeoutMs = defaultTimeoutMs } = spec;
    const { requiresApproval = false, deprecated = false } = spec;
    this.definition = {
      name,
      description,
      category,
      parameters,
      version,
      timeoutMs,
      requiresApproval,
      deprecated,
    };
    this.forModel = { name, description, parameters };
    this.parameters = new ParameterCheck(parameters);
  }

  allows(role: ToolRole): boolean {
    return ROLE_RANKS[role] >= ROLE_RANKS[this.spec.requiredRole ?? 'guest'];
  }
}
