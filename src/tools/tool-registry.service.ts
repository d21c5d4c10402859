import { Injectable } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import type { ModelTool } from '../common/model-message.js';
import { ToolConfig } from '../config/config.js';
import { RegisteredTool } from './registry/registered-tool.js';
import type { ToolCategory, ToolDefinition, ToolHandler, ToolRole, ToolSpec } from './tool.js';

export interface ToolQuery {
  category?: ToolCategory;
  includeDeprecated?: boolean;
}

/** Every tool there is, by name: those of the house, found at start, and those that join and leave later. */
@Injectable()
export class ToolRegistry {
  private readonly tools = new Map<string, RegisteredTool>();
  /** What models get for a role, as long as no tool joins or leaves. */
  private readonly offers = new Map<ToolRole, readonly ModelTool[]>();

  constructor(private readonly config: ToolConfig) {}

  /** Adds a tool and returns what removes it. Throws an Error for a name that is taken or no name, or a bad schema. */
  register(spec: ToolSpec, handler: ToolHandler): () => void {
    if (this.tools.has(spec.name)) throw new Error(`there is a tool "${spec.name}" already`);
    const tool = new RegisteredTool(spec, handler, this.config.timeoutMs);
    this.tools.set(spec.name, tool);
    this.offers.clear();
    return () => {
      if (this.tools.get(spec.name) === tool) this.tools.delete(spec.name);
      this.offers.clear();
    };
  }

  /** Whether it depends on the role which tools somebody gets. */
  get isRoleDependent(): boolean {
    return [...this.tools.values()].some(({ spec }) => spec.requiredRole);
  }

  /** The tools that this role may use, by name; deprecated ones only where asked for. */
  list(role: ToolRole, { category, includeDeprecated = false }: ToolQuery = {}): RegisteredTool[] {
    return [...this.tools.values()]
      .filter((tool) => tool.allows(role))
      .filter(({ spec }) => (includeDeprecated || !spec.deprecated) && (!category || spec.category === category))
      .sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  }

  /** The same as clients see them. */
  definitions(role: ToolRole, query?: ToolQuery): ToolDefinition[] {
    return this.list(role, query).map((tool) => tool.definition);
  }

  /** The same as models see them. */
  offer(role: ToolRole): readonly ModelTool[] {
    let offer = this.offers.get(role);
    if (!offer) this.offers.set(role, (offer = this.list(role).map(({ forModel }) => forModel)));
    return offer;
  }

  /** Throws TOOL_NOT_FOUND, also for a tool that this role may not use. */
  require(name: string, role: ToolRole): RegisteredTool {
    const tool = this.tools.get(name);
    if (!tool?.allows(role)) throw new TalksyError('TOOL_NOT_FOUND', `There is no tool "${name.slice(0, 64)}".`);
    return tool;
  }
}
