import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const DOCUMENT = resolve(import.meta.dirname, '../../../shared/conformance/openresponses-openapi-2026-04-24.json');

/** What is wrong with a value, as the official schemas of Open Responses see it; empty where nothing is. */
export type SchemaCheck = (schema: string, value: unknown) => string[];

/** The official schemas where the project has them beside it; else a check that finds nothing, which is said once. */
export function openResponseSchemas(): SchemaCheck {
  if (!existsSync(DOCUMENT)) {
    process.stdout.write(`not run: validation against the Open Responses schemas, which would be in ${DOCUMENT}\n`);
    return () => [];
  }
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
  ajv.addSchema(JSON.parse(readFileSync(DOCUMENT, 'utf8')) as object, 'open-responses');
  const check: SchemaCheck = (schema, value) => {
    const validate = ajv.getSchema(`open-responses#/components/schemas/${schema}`);
    if (!validate) return [`there is no schema ${schema}`];
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${schema}${instancePath} ${message}`);
  };
  if (check('ResponseResource', {}).length === 0) throw new Error('the schemas of Open Responses catch nothing');
  return check;
}

/** The schema of an event by its type: `response.output_text.delta` has `ResponseOutputTextDeltaStreamingEvent`. */
export function schemaOfEvent(type: string): string {
  const words = type.split(/[._]/).map((word) => word[0]!.toUpperCase() + word.slice(1));
  return `${type === 'error' ? 'Error' : words.join('')}StreamingEvent`;
}
