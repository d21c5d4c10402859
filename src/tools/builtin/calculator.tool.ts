import { TalksyError } from '../../common/errors/talksy-error.js';
import { Tool } from '../tool.decorator.js';
import { ToolHandler } from '../tool.js';
import { openCalculator } from './calculation.js';

const DESCRIPTION =
  'Evaluates an arithmetic expression and returns its exact result. Use it for every calculation. Knows + - * / ^ %, ' +
  'brackets, sqrt, abs, round, floor, ceil, min, max, log, exp, sin, cos, tan, factorial (n!), pi and e, and units: ' +
  '"5 cm to inch".';

/** Arithmetic by a library that parses the expression itself: nothing is ever evaluated as a program. */
@Tool({
  name: 'calculator',
  description: DESCRIPTION,
  category: 'utility',
  version: '1.0.0',
  idempotent: true,
  parameters: {
    type: 'object',
    properties: {
      expression: {
        type: 'string',
        minLength: 1,
        maxLength: 500,
        examples: ['(2 + 3) * 4'],
        description: 'e.g. 17 * 23',
      },
    },
    required: ['expression'],
    additionalProperties: false,
  },
})
export class CalculatorTool extends ToolHandler<{ expression: string }> {
  override async execute({ expression }: { expression: string }): Promise<{ expression: string; result: string }> {
    const calculate = await openCalculator();
    try {
      return { expression, result: calculate(expression) };
    } catch (error) {
      const reason = error instanceof Error ? error.message.slice(0, 200) : 'it is none';
      throw new TalksyError('VALIDATION_ERROR', `The expression cannot be evaluated: ${reason}`, { cause: error });
    }
  }
}
