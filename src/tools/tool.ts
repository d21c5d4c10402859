/** What kind of thing a tool does, for people who choose among many. */
export const TOOL_CATEGORIES = ['utility', 'data', 'communication', 'system', 'custom'] as const;
export type ToolCategory = (typeof TOOL_CATEGORIES)[number];

/** Who may call: each role may do what those of a lower rank may. */
export const ROLE_RANKS = { guest: 0, user: 1, service: 1, admin: 2 } as const;
export type ToolRole = keyof typeof ROLE_RANKS;

/** A JSON Schema of an object: draft 2020-12, or draft-07 where `$schema` says so. */
export type ParameterSchema = Record<string, unknown>;

/** What a tool says about itself. */
export interface ToolSpec {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`: what every vendor takes. */
  name: string;
  /** For the model: what it does, when to use it, what comes back. */
  description: string;
  category: ToolCategory;
  parameters: ParameterSchema;
  version: string;
  /** Longest time one call may take; without it TOOL_TIMEOUT_MS. */
  timeoutMs?: number;
  /** Whether a second call with the same parameters does no harm: then a call in doubt is made again. */
  idempotent?: boolean;
  /** Whether a person must agree to each call that a model makes. */
  requiresApproval?: boolean;
  /** Still callable, but no longer offered to models. */
  deprecated?: boolean;
  /** The least role that may see and call it; without it everybody. */
  requiredRole?: ToolRole;
}

/** A tool as clients see it. */
export interface ToolDefinition {
  name: string;
  description: string;
  category: ToolCategory;
  parameters: ParameterSchema;
  version: string;
  timeoutMs: number;
  requiresApproval: boolean;
  deprecated: boolean;
}

/** On whose behalf a tool works. */
export interface ToolCaller {
  userId: string;
  role: ToolRole;
}

/** What a call knows beside its parameters. */
export interface ToolContext extends ToolCaller {
  callId: string;
  /** Absent for a direct call. */
  runId?: string;
  /** Aborts when the run is stopped or the time is over; what comes back later is dropped. */
  signal: AbortSignal;
}

/**
 * What a tool does. Parameters are checked against its schema before. What it returns must be JSON; a TalksyError it
 * throws is shown to the model, anything else counts as a bug and is not.
 */
export abstract class ToolHandler<Parameters = Record<string, unknown>> {
  /** Whether it is on offer at all; asked once, at start. */
  readonly enabled: boolean = true;
  abstract execute(parameters: Parameters, context: ToolContext): unknown;
}
