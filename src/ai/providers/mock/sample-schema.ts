import { sampleNumber, sampleString } from './sample-scalar.js';
import { isSchemaObject, listOf, mergeSchemas, resolveReference, type SchemaObject } from './schema-object.js';

/** From here on only what a schema demands, so that recursive ones come to an end. */
const SHALLOW_DEPTH = 6;
/** A schema that demands more than this has no finite sample, or is meant to hurt. */
const MAX_DEPTH = 64;
const MAX_NODES = 5000;
const MAX_ITEMS = 1000;
const SAMPLE = 'sample';

/**
 * A value that the JSON Schema allows; always the same. Strings without a rule become `freeText`. Knows local $ref,
 * anyOf, oneOf, allOf, const, enum, examples, objects, arrays, formats, lengths and bounds, but not `pattern`.
 */
export function sampleSchema(schema: unknown, freeText = SAMPLE): unknown {
  return new Sampler(schema, freeText).sample(schema, 0);
}

class Sampler {
  private nodes = 0;

  constructor(
    private readonly root: unknown,
    private readonly freeText: string,
  ) {}

  sample(schema: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH || ++this.nodes > MAX_NODES) return null;
    if (!isSchemaObject(schema)) return this.freeText;
    const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
    if (typeof $ref === 'string') {
      const { $ref: _resolved, ...beside } = schema;
      return this.sample(mergeSchemas(beside, resolveReference(this.root, $ref)), depth + 1);
    }
    if (Array.isArray(allOf)) {
      const { allOf: _merged, ...beside } = schema;
      return this.sample(
        allOf.reduce<SchemaObject>((sum, part) => mergeSchemas(sum, this.open(part)), beside),
        depth + 1,
      );
    }
    const alternatives = listOf(anyOf ?? oneOf);
    if (alternatives.length > 0) return this.sample(mergeSchemas(rest, this.choose(alternatives, depth)), depth + 1);
    return this.sampleKind(rest, depth);
  }

  private sampleKind(schema: SchemaObject, depth: number): unknown {
    if (Object.hasOwn(schema, 'const')) return schema['const'];
    const [first] = listOf(schema['enum']);
    if (first !== undefined) return first;
    const [example] = listOf(schema['examples']);
    if (example !== undefined && this.freeText === SAMPLE) return example;
    switch (kindOf(schema, depth)) {
      case 'object':
        return this.sampleObject(schema, depth);
      case 'array':
        return this.sampleArray(schema, depth);
      case 'number':
      case 'integer':
        return sampleNumber(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return sampleString(schema, this.freeText);
    }
  }

  private sampleObject(schema: SchemaObject, depth: number): unknown {
    const properties = isSchemaObject(schema['properties']) ? schema['properties'] : {};
    const required = listOf(schema['required']).filter((name) => typeof name === 'string');
    const offered = Object.keys(properties).filter((name) => properties[name] !== false);
    const names = depth < SHALLOW_DEPTH ? new Set([...offered, ...required]) : new Set(required);
    const schemaOf = (name: string): unknown =>
      Object.hasOwn(properties, name) ? properties[name] : schema['additionalProperties'];
    return Object.fromEntries([...names].map((name) => [name, this.sample(schemaOf(name), depth + 1)]));
  }

  private sampleArray(schema: SchemaObject, depth: number): unknown[] {
    const first = listOf(schema['prefixItems']);
    const demanded = Math.max(Number(schema['minItems'] ?? 0), first.length);
    const wanted = depth < SHALLOW_DEPTH && schema['items'] !== false ? Math.max(demanded, 1) : demanded;
    const length = Math.min(wanted, Number(schema['maxItems'] ?? MAX_ITEMS), MAX_ITEMS);
    return Array.from({ length }, (_, at) => this.sample(first[at] ?? schema['items'], depth + 1));
  }

  /** The first alternative; deep down the one that leads no deeper. */
  private choose(alternatives: readonly unknown[], depth: number): unknown {
    if (depth < SHALLOW_DEPTH) return alternatives[0];
    return alternatives.find((option) => isFlat(this.open(option))) ?? alternatives[0];
  }

  private open(schema: unknown): unknown {
    if (!isSchemaObject(schema) || typeof schema['$ref'] !== 'string') return schema;
    return resolveReference(this.root, schema['$ref']);
  }
}

function kindOf(schema: SchemaObject, depth: number): unknown {
  const kinds = [schema['type']].flat();
  if (depth >= SHALLOW_DEPTH && kinds.includes('null')) return 'null';
  if (kinds[0] !== undefined) return kinds.find((kind) => kind !== 'null') ?? 'null';
  if (['properties', 'required', 'additionalProperties'].some((key) => key in schema)) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  return ['minimum', 'maximum', 'multipleOf'].some((key) => key in schema) ? 'number' : 'string';
}

/** Whether a sample of it has no parts. */
function isFlat(schema: unknown): boolean {
  if (!isSchemaObject(schema)) return true;
  if ('const' in schema || 'enum' in schema) return true;
  if (['$ref', 'anyOf', 'oneOf', 'allOf'].some((key) => key in schema)) return false;
  return !['object', 'array'].includes(String(kindOf(schema, SHALLOW_DEPTH)));
}
