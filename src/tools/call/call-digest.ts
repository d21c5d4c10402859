import { createHash } from 'node:crypto';

/** Names a call exactly: the tool, its version and every parameter, whatever the order of an object's fields. */
export function callDigest(toolName: string, version: string, parameters: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([toolName, version, sorted(parameters)]))
    .digest('hex');
}

// Recursion is safe: parameters came as JSON of bounded size.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([name, field]) => [name, sorted(field)]);
}
