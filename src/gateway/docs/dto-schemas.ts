import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { z } from 'zod';
import { attachmentsSchema } from '../delivery/attachment-schema.js';

type Converters = NonNullable<NonNullable<Parameters<typeof validationMetadatasToSchemas>[0]>['additionalConverters']>;

export type JsonSchema = Record<string, unknown>;

/**
 * JSON Schemas of every DTO, by its class's name, made from the rules that the server checks. Names of properties whose
 * values must stay absent are left out.
 */
export function dtoSchemas(): Record<string, JsonSchema> {
  const { $schema: _dialect, ...attachments } = z.toJSONSchema(attachmentsSchema, { io: 'input' });
  const schemas = validationMetadatasToSchemas({
    refPointerPrefix: '#/components/schemas/',
    additionalConverters: { areAttachments: attachments, isEmpty: { not: {} } } as Converters,
  }) as Record<string, JsonSchema>;
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, tidied(schema)]));
}

/** A DTO's schema may forbid a property: what must not be there need not be told of. */
function tidied(schema: JsonSchema): JsonSchema {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const told = properties.filter(([, rule]) => !('not' in rule));
  return { ...schema, properties: Object.fromEntries(told.map(([name, { $ref: _broken, ...rule }]) => [name, rule])) };
}
