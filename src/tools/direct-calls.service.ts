import { Injectable } from '@nestjs/common';
import { newSecretId } from '../common/ids.js';
import type { ToolCaller } from './tool.js';
import type { ToolReturn } from './tool-result.js';
import { ToolRunner } from './tool-runner.service.js';

export interface DirectCall {
  toolName: string;
  parameters?: unknown;
  /** The client's own id, given back with the result; without it a new one. */
  callId?: string;
}

export interface DirectReturn extends ToolReturn {
  callId: string;
  toolName: string;
}

/** Calls that a person makes, not a model: asking for it is the approval. */
@Injectable()
export class DirectCalls {
  constructor(private readonly runner: ToolRunner) {}

  /** Throws TOOL_NOT_FOUND, VALIDATION_ERROR and OVERLOADED; what goes wrong inside the tool is a result. */
  async call(
    { toolName, parameters, callId }: DirectCall,
    caller: ToolCaller,
    signal: AbortSignal,
  ): Promise<DirectReturn> {
    const id = callId ?? `call_${newSecretId()}`;
    const prepared = this.runner.prepare(toolName, parameters, caller);
    const returned = await this.runner.run(prepared, caller, { callId: id }, signal);
    return { callId: id, toolName, ...returned };
  }
}
