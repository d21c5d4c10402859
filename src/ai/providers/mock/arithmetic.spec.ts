import { findArithmetic, operandArguments } from './arithmetic.js';

describe('An arithmetic question', () => {
  it.each([
    ['What is 12 * 3?', '12 * 3', [12, 3]],
    ['7 plus 5', '7 + 5', [7, 5]],
    ['10 divided by 4', '10 / 4', [10, 4]],
    ['3x4', '3 * 4', [3, 4]],
    ['-1.5 − 2', '-1.5 - 2', [-1.5, 2]],
    ['9 TIMES 9', '9 * 9', [9, 9]],
  ])('is found in %j', (text, expression, operands) => {
    expect(findArithmetic(text)).toMatchObject({ expression, operands });
  });

  it.each(['Hello', '12', 'a + b', '1'.repeat(100_000)])('is not found in %.20j', (text) => {
    expect(findArithmetic(text)).toBeUndefined();
  });

  it.each([
    ['numbers', { a: { type: 'number' }, b: { type: 'integer' } }, { a: 6, b: 7 }],
    [
      'an operator and numbers',
      { op: { enum: ['add', 'multiply'] }, x: { type: 'number' }, y: { type: 'number' } },
      { op: 'multiply', x: 6, y: 7 },
    ],
    ['a list', { numbers: { type: 'array' } }, { numbers: [6, 7] }],
    ['an expression', { expression: { type: 'string' } }, { expression: '6 * 7' }],
    ['an operator it does not know', { op: { enum: ['log'] } }, {}],
    ['other things', { exact: { type: 'boolean' }, any: true }, {}],
  ])('fills a schema with %s', (_what, properties, expected) => {
    expect(operandArguments(findArithmetic('6 * 7')!, { properties })).toEqual(expected);
  });

  it('fills nothing into a schema without properties', () => {
    expect(operandArguments(findArithmetic('6 * 7')!, {})).toEqual({});
  });
});
