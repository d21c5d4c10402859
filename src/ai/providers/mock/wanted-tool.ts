import type { ModelRequest } from '../../chat-model.port.js';
import type { ModelTool } from '../../../common/model-message.js';
import { type Arithmetic, findArithmetic, operandArguments } from './arithmetic.js';
import { sampleSchema } from './sample-schema.js';

const ASKS_FOR_A_TOOL = /\b(weather|tool|order|book)(?:s|ed|ing|ings)?\b/i;
const CALCULATES = /calc|math|arithmetic|\b(?:add|sum|subtract|multiply|divide)\b/i;

export interface ToolWish {
  name: string;
  /** JSON text. */
  arguments: string;
}

/** The tool that the request forces, by its name or by demanding any. */
export function forcedTool({ tools = [], toolChoice }: ModelRequest, userText: string): ToolWish | undefined {
  if (typeof toolChoice === 'object')
    return wishFor(
      tools.find(({ name }) => name === toolChoice.name),
      userText,
    );
  if (toolChoice !== 'required') return undefined;
  return wishFor(askedFor(tools, userText) ?? tools[0], userText);
}

/** The tool that the user's text asks for, among those on offer. */
export function askedTool({ tools = [], toolChoice }: ModelRequest, userText: string): ToolWish | undefined {
  return toolChoice === 'none' ? undefined : wishFor(askedFor(tools, userText), userText);
}

function askedFor(tools: readonly ModelTool[], userText: string): ModelTool | undefined {
  if (tools.length === 0) return undefined;
  const calculator = tools.find(isCalculator);
  if (calculator && findArithmetic(userText)) return calculator;
  const [, asked] = ASKS_FOR_A_TOOL.exec(userText) ?? [];
  if (!asked) return undefined;
  const keyword = asked.toLowerCase();
  const text = userText.toLowerCase();
  return (
    tools.find(({ name }) => text.includes(name.toLowerCase())) ??
    tools.find(({ name }) => name.toLowerCase().includes(keyword)) ??
    tools.find(({ description }) => description?.toLowerCase().includes(keyword)) ??
    tools[0]
  );
}

function wishFor(tool: ModelTool | undefined, userText: string): ToolWish | undefined {
  if (!tool) return undefined;
  const sample = sampleSchema({ type: 'object', ...tool.parameters }) as Record<string, unknown>;
  const question: Arithmetic | undefined = isCalculator(tool) ? findArithmetic(userText) : undefined;
  const operands = question ? operandArguments(question, tool.parameters) : {};
  return { name: tool.name, arguments: JSON.stringify({ ...sample, ...operands }) };
}

const isCalculator = ({ name, description = '' }: ModelTool): boolean =>
  CALCULATES.test(name) || CALCULATES.test(description);
