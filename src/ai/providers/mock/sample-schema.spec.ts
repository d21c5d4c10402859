import { sampleSchema } from './sample-schema.js';

const STRING = { type: 'string' };
const LIST = {
  $defs: {
    node: {
      type: 'object',
      properties: { value: STRING, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
      required: ['value', 'next'],
    },
  },
  $ref: '#/$defs/node',
};

describe('A sample', () => {
  it.each<[string, unknown, unknown]>([
    ['a string', STRING, 'sample'],
    ['a number', { type: 'number' }, 1],
    ['a boolean', { type: 'boolean' }, true],
    ['null', { type: 'null' }, null],
    ['anything', true, 'sample'],
    ['no rule at all', {}, 'sample'],
    ['a constant', { const: 0 }, 0],
    ['an enumeration', { enum: ['red', 'green'] }, 'red'],
    ['several types', { type: ['null', 'integer'] }, 1],
    ['only null among several', { type: ['null'] }, null],
    [
      'an object',
      { type: 'object', properties: { a: STRING, b: { type: 'array', items: { type: 'array', items: STRING } } } },
      { a: 'sample', b: [['sample']] },
    ],
    ['an object without a type', { properties: { a: STRING } }, { a: 'sample' }],
    [
      'required names without a schema',
      { type: 'object', required: ['x'], additionalProperties: { type: 'integer' } },
      { x: 1 },
    ],
    ['a property that must not be', { properties: { a: STRING, b: false } }, { a: 'sample' }],
    [
      'a name that is special in JavaScript',
      JSON.parse('{"properties":{"__proto__":{"type":"integer"}}}'),
      JSON.parse('{"__proto__":1}'),
    ],
    ['an array without a type', { items: STRING }, ['sample']],
    ['an array of a length', { type: 'array', items: STRING, minItems: 2 }, ['sample', 'sample']],
    ['an array that stays empty', { type: 'array', items: STRING, maxItems: 0 }, []],
    ['a tuple', { type: 'array', prefixItems: [STRING, { type: 'integer' }], items: false }, ['sample', 1]],
    ['a reference', { $defs: { 'a/b c': STRING }, properties: { x: { $ref: '#/$defs/a~1b%20c' } } }, { x: 'sample' }],
    ['a reference to nowhere', { $ref: '#/$defs/none' }, 'sample'],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema' }, 'sample'],
    ['a broken reference', { $ref: '#/%' }, 'sample'],
    [
      'a reference with words beside it',
      { $defs: { n: { type: 'integer' } }, $ref: '#/$defs/n', description: 'a number' },
      1,
    ],
    ['alternatives', { anyOf: [{ type: 'integer' }, STRING] }, 1],
    ['exclusive alternatives', { oneOf: [STRING, { type: 'integer' }] }, 'sample'],
    [
      'parts that add up',
      {
        allOf: [
          { properties: { a: STRING }, required: ['a'] },
          { properties: { b: STRING }, required: ['b'] },
        ],
      },
      { a: 'sample', b: 'sample' },
    ],
    [
      'parts by reference',
      { $defs: { p: { properties: { a: STRING } } }, allOf: [{ $ref: '#/$defs/p' }, true] },
      { a: 'sample' },
    ],
  ])('of %s is valid', (_what, schema, expected) => {
    expect(sampleSchema(schema)).toEqual(expected);
  });

  it.each<[object, unknown]>([
    [{ format: 'email' }, 'mock@example.com'],
    [{ minLength: 8 }, 'samplexx'],
    [{ maxLength: 2 }, 'sa'],
    [{ format: 'unknown' }, 'sample'],
  ])('of a string with %j is %j', (rule, expected) => {
    expect(sampleSchema({ ...STRING, ...rule })).toBe(expected);
  });

  it.each<[object, number]>([
    [{ minimum: 5 }, 6],
    [{ maximum: 0 }, -1],
    [{ minimum: 1, maximum: 1 }, 1],
    [{ exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5],
    [{ type: 'integer', minimum: 2, maximum: 3 }, 3],
    [{ type: 'integer', minimum: 0, maximum: 0.5 }, 0],
    [{ multipleOf: 5 }, 5],
  ])('of a number with %j is %d', (rule, expected) => {
    expect(sampleSchema({ type: 'number', ...rule })).toBe(expected);
    expect(typeof sampleSchema(rule)).toBe(
      'type' in rule || 'multipleOf' in rule || 'minimum' in rule || 'maximum' in rule ? 'number' : 'string',
    );
  });

  it('of a recursive schema ends', () => {
    expect(JSON.stringify(sampleSchema(LIST))).toMatch(/^(\{"value":"sample","next":)+null\}+$/);
    const tree = {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#' } }, parent: { type: ['object', 'null'] } },
      required: ['children', 'parent'],
    };
    expect(JSON.stringify(sampleSchema(tree))).toContain('{"children":[],"parent":null}');
  });

  it('of a schema that is meant to hurt ends soon', () => {
    const both = { type: 'object', properties: { l: { $ref: '#' }, r: { $ref: '#' } }, required: ['l', 'r'] };
    expect(JSON.stringify(sampleSchema(both)).length).toBeLessThan(100_000);
    expect(JSON.stringify(sampleSchema({ $ref: '#' }))).toBe('null');
    expect(JSON.stringify(sampleSchema({ type: 'array', minItems: 1e12, items: STRING })).length).toBeLessThan(100_000);
    expect(JSON.stringify(sampleSchema({ ...STRING, minLength: 1e12 })).length).toBeLessThan(100_000);
  });

  it('has the free text wherever a string has no rule', () => {
    expect(sampleSchema({ properties: { a: STRING, b: { enum: ['x'] } } }, 'told')).toEqual({ a: 'told', b: 'x' });
  });

  it('leads no deeper than it must where it may choose', () => {
    const deep = (levels: number, leaf: object): object =>
      levels === 0 ? leaf : { type: 'object', properties: { a: deep(levels - 1, leaf) }, required: ['a'] };
    const sampled = (leaf: object) => JSON.stringify(sampleSchema(deep(8, leaf))).replace(/^(\{"a":)+|\}+$/g, '');
    expect(sampled({ anyOf: [{ allOf: [STRING] }, { type: 'object' }, { enum: ['flat'] }] })).toBe('"flat"');
    expect(sampled({ anyOf: [{ type: 'array' }, true] })).toBe('"sample"');
    expect(sampled({ anyOf: [{ type: 'array' }] })).toBe('[]');
  });
});
