/** A JSON Schema that is an object; `true` and `false` are schemas too. */
export type SchemaObject = Readonly<Record<string, unknown>>;

export const isSchemaObject = (value: unknown): value is SchemaObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The schema that a local reference (`#`, `#/$defs/name`) points to; undefined where there is none. */
export function resolveReference(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decodePointer(step);
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** One step of a JSON pointer in a URI fragment (RFC 6901, section 6). */
function decodePointer(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}

/** Both schemas as one: properties and required names add up, elsewhere the second wins. */
export function mergeSchemas(first: SchemaObject, second: unknown): SchemaObject {
  if (!isSchemaObject(second)) return first;
  const merged: Record<string, unknown> = { ...first, ...second };
  if (isSchemaObject(first['properties']) && isSchemaObject(second['properties'])) {
    merged['properties'] = { ...first['properties'], ...second['properties'] };
  }
  if (first['required'] || second['required']) {
    merged['required'] = [...listOf(first['required']), ...listOf(second['required'])];
  }
  return merged;
}
