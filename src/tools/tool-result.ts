import type { ErrorCode } from '../common/errors/error-codes.js';
import { type ErrorDetail, summarizeError, TalksyError } from '../common/errors/talksy-error.js';

/** Why a call has no data: for the model, which may do better, and for people. */
export interface ToolFailure {
  code: ErrorCode;
  message: string;
  details?: ErrorDetail[];
}

/** What a call comes to. Failing is a result as well: the model goes on with it. */
export type ToolResult = { success: true; data: unknown } | { success: false; error: ToolFailure };

/** A finished call. */
export interface ToolReturn {
  result: ToolResult;
  executionTimeMs: number;
}

/** The result of a call that failed so. A bug shows no more of itself than that it is one. */
export function failedResult(error: unknown): ToolResult {
  const failure: ToolFailure =
    error instanceof TalksyError ? summarizeError(error) : { code: 'TOOL_FAILED', message: 'The tool failed.' };
  if (error instanceof TalksyError && error.details) failure.details = error.details;
  return { success: false, error: failure };
}

/** The result as a model reads it. */
export function resultText(result: ToolResult): string {
  if (!result.success) return JSON.stringify({ error: result.error });
  return typeof result.data === 'string' ? result.data : (JSON.stringify(result.data) ?? 'null');
}
