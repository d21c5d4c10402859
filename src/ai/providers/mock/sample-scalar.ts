import type { SchemaObject } from './schema-object.js';

const FORMATS: Record<string, string> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  duration: 'P1D',
  email: 'mock@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '0190163d-8694-739b-aea5-966c26f8ad91',
};

/** A string of the schema's format, else `freeText` brought to a length that the schema allows. */
export function sampleString(schema: SchemaObject, freeText: string): string {
  const formatted = FORMATS[String(schema['format'])];
  if (formatted !== undefined) return formatted;
  const padded = freeText.padEnd(Math.min(numberOr(schema['minLength'], 0), 10_000), 'x');
  return [...padded].slice(0, numberOr(schema['maxLength'], Infinity)).join('');
}

/** 1 where the schema allows it, else a number between its bounds; a multiple of its step, whole for `integer`. */
export function sampleNumber(schema: SchemaObject): number {
  const low = Math.max(numberOr(schema['minimum'], -Infinity), numberOr(schema['exclusiveMinimum'], -Infinity));
  const high = Math.min(numberOr(schema['maximum'], Infinity), numberOr(schema['exclusiveMaximum'], Infinity));
  const step = numberOr(schema['multipleOf'], schema['type'] === 'integer' ? 1 : 0);
  const wanted = between(low, high);
  if (step <= 0) return wanted;
  const above = Math.ceil(wanted / step) * step;
  return above <= high ? above : Math.floor(wanted / step) * step;
}

function between(low: number, high: number): number {
  if (low < 1 && high > 1) return 1;
  if (low === -Infinity) return high - 1;
  return high === Infinity ? low + 1 : (low + high) / 2;
}

const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
