import { Injectable, Logger } from '@nestjs/common';
import { TalksyError } from '../common/errors/talksy-error.js';
import { ToolConfig } from '../config/config.js';
import { callDigest } from './call/call-digest.js';
import { parseParameters } from './call/parse-parameters.js';
import { ToolSlots } from './call/tool-slots.js';
import type { RegisteredTool } from './registry/registered-tool.js';
import type { ToolCaller } from './tool.js';
import { ToolRegistry } from './tool-registry.service.js';
import { ToolMetrics } from './tool-metrics.service.js';
import { failedResult, type ToolResult, type ToolReturn } from './tool-result.js';
import { beginSpan, endSpan } from '../observability/tracing.js';

/** A call whose tool exists and whose parameters fit. */
export interface PreparedCall {
  readonly tool: RegisteredTool;
  readonly parameters: Record<string, unknown>;
  /** What an approval is bound to: tool, version and exact parameters. */
  readonly digest: string;
}

/** Where a call belongs. */
export interface CallPlace {
  callId: string;
  runId?: string;
}

/** The longest result, as JSON: what a model can use, and a log can hold. */
const MAX_RESULT_CHARS = 65_536;

/** Runs tools: bounded in time, number and size. What goes wrong inside a tool becomes its result. */
@Injectable()
export class ToolRunner {
  private readonly logger = new Logger(ToolRunner.name);
  private readonly slots: ToolSlots;

  constructor(
    private readonly registry: ToolRegistry,
    config: ToolConfig,
    private readonly metrics: ToolMetrics,
  ) {
    this.slots = new ToolSlots(config.maxConcurrent);
  }

  /** Parameters are an object, or JSON as a model wrote it. Throws TOOL_NOT_FOUND or VALIDATION_ERROR. */
  prepare(toolName: string, given: unknown, caller: ToolCaller): PreparedCall {
    const tool = this.registry.require(toolName, caller.role);
    const parameters = tool.parameters.require(parseParameters(given));
    return { tool, parameters, digest: callDigest(toolName, tool.spec.version, parameters) };
  }

  /** Rejects only when `signal` aborts, and with OVERLOADED. */
  async run(call: PreparedCall, caller: ToolCaller, place: CallPlace, signal: AbortSignal): Promise<ToolReturn> {
    const { timeoutMs } = call.tool.definition;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const free = await this.slots.take(caller.userId, patience).catch((error: unknown) => {
      signal.throwIfAborted();
      throw patience.aborted ? new TalksyError('OVERLOADED', undefined, { retryAfterMs: 1000, cause: error }) : error;
    });
    const startedAt = performance.now();
    const { name } = call.tool.spec;
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name };
    const span = beginSpan({ name: `execute_tool ${name}`, attributes });
    let failure: unknown;
    try {
      signal.throwIfAborted();
      const data = await this.execute(call, caller, place, signal);
      return this.returned(call, { success: true, data }, startedAt);
    } catch (error) {
      failure = error;
      signal.throwIfAborted();
      this.report(error, call, place);
      return this.returned(call, failedResult(error), startedAt);
    } finally {
      endSpan(span, failure);
      free();
    }
  }

  private returned({ tool }: PreparedCall, result: ToolResult, startedAt: number): ToolReturn {
    const executionTimeMs = since(startedAt);
    this.metrics.ran(tool.spec.name, result.success, executionTimeMs);
    return { result, executionTimeMs };
  }

  private async execute(
    { tool, parameters }: PreparedCall,
    caller: ToolCaller,
    place: CallPlace,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { timeoutMs, name } = tool.definition;
    const late = new TalksyError('TOOL_TIMEOUT', `The tool took longer than ${timeoutMs} ms.`);
    const own = new AbortController();
    const timer = setTimeout(() => own.abort(late), timeoutMs);
    const limit = AbortSignal.any([signal, own.signal]);
    try {
      const running = (async () => tool.handler.execute(parameters, { ...caller, ...place, signal: limit }))();
      running.then(
        () => limit.aborted && this.logger.warn({ ...place, toolName: name }, 'a tool returned too late; dropped'),
        () => undefined,
      );
      const data = await Promise.race([running, rejectedWith(limit)]);
      return fitting(data);
    } finally {
      clearTimeout(timer);
    }
  }

  private report(error: unknown, { tool }: PreparedCall, place: CallPlace): void {
    const context = { ...place, toolName: tool.spec.name };
    if (error instanceof TalksyError) this.logger.debug({ ...context, code: error.code }, 'a tool call failed');
    else this.logger.error({ ...context, err: error }, 'a tool is broken');
  }
}

/** Rejects with the signal's reason when it aborts, at once where it has. */
function rejectedWith(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}

/** The result, proven to be JSON that a log can hold. Throws TOOL_FAILED where it is too large. */
function fitting(data: unknown): unknown {
  const json = JSON.stringify(data ?? null) as string | undefined;
  if (json === undefined) throw new Error('a tool returned what is no JSON');
  if (json.length <= MAX_RESULT_CHARS) return data ?? null;
  const message = `The result has ${json.length} characters; at most ${MAX_RESULT_CHARS} are allowed. Ask for less.`;
  throw new TalksyError('TOOL_FAILED', message);
}

const since = (startedAt: number): number => Math.round(performance.now() - startedAt);
