import { isSchemaObject, type SchemaObject } from './schema-object.js';

/** A question such as `12 * 3` or `7 plus 5`, as it was written and as numbers. */
export interface Arithmetic {
  expression: string;
  operands: readonly [number, number];
  operator: '+' | '-' | '*' | '/';
}

const NAMES: Record<Arithmetic['operator'], readonly string[]> = {
  '+': ['+', 'plus', 'add', 'addition', 'sum'],
  '-': ['-', '−', 'minus', 'subtract', 'subtraction'],
  '*': ['*', '×', 'x', 'times', 'multiplied by', 'multiply', 'multiplication'],
  '/': ['/', '÷', 'divided by', 'divide', 'division'],
};

const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,15})?`;
const QUESTION = new RegExp(
  String.raw`(?<![\d.])(${NUMBER})\s{0,3}([-+−*×x/÷]|plus|minus|times|multiplied by|divided by)\s{0,3}(${NUMBER})`,
  'i',
);

/** The first arithmetic question in the text. */
export function findArithmetic(text: string): Arithmetic | undefined {
  const [, left, sign, right] = QUESTION.exec(text) ?? [];
  if (!left || !sign || !right) return undefined;
  const operator = operatorNamed(sign.toLowerCase())!;
  return { expression: `${left} ${operator} ${right}`, operands: [Number(left), Number(right)], operator };
}

/** Puts the operands where a calculator's schema has room for them: numbers in order, the operator, an expression. */
export function operandArguments(question: Arithmetic, parameters: SchemaObject): Record<string, unknown> {
  const free = [...question.operands];
  const properties = isSchemaObject(parameters['properties']) ? parameters['properties'] : {};
  const found = Object.entries(properties).map(
    ([name, schema]) => [name, argumentFor(schema, question, free)] as const,
  );
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function argumentFor(schema: unknown, question: Arithmetic, free: number[]): unknown {
  if (!isSchemaObject(schema)) return undefined;
  if (Array.isArray(schema['enum'])) return schema['enum'].find((name) => operatorNamed(name) === question.operator);
  if (schema['type'] === 'number' || schema['type'] === 'integer') return free.shift();
  if (schema['type'] === 'array') return question.operands;
  return schema['type'] === 'string' ? question.expression : undefined;
}

function operatorNamed(name: unknown): Arithmetic['operator'] | undefined {
  const operators = Object.keys(NAMES) as Arithmetic['operator'][];
  return operators.find((operator) => typeof name === 'string' && NAMES[operator].includes(name.toLowerCase()));
}
