import type { ToolApproval, ToolCall, ToolInfo, ToolOutcome } from '../wire.js';

const LONGEST = 200;

/** What the chat says of a model's call. */
export const callLine = ({ toolName, parameters }: ToolCall): string => `(${toolName} ${short(parameters)} …)`;

/** What it says of what came back. */
export function returnLine({ toolName, result }: ToolOutcome): string {
  return result.success ? `(${toolName} → ${short(result.data)})` : `(${toolName} failed: ${result.error.message})`;
}

/** The question to the person. */
export const approvalLine = ({ toolName, parameters }: ToolApproval): string =>
  `(${toolName} ${short(parameters)} needs your approval: /approve or /deny)`;

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A tool that can be called. */
export const toolLine = ({ name, description, requiresApproval }: ToolInfo): string =>
  `${name}${requiresApproval ? ' (needs approval)' : ''}: ${short(description)}`;
