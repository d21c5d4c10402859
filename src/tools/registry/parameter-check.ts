import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { type ErrorDetail, TalksyError } from '../../common/errors/talksy-error.js';
import type { ParameterSchema } from '../tool.js';

// Not strict: foreign tools bring keywords of their own. No defaults are filled in: what was asked is what is approved.
const OPTIONS = { strict: false, allErrors: true, addUsedSchema: false, logger: false } as const;
const DRAFT_07 = /draft-0[67]/;
/** More than this teaches a model nothing. */
const MAX_DETAILS = 5;

// CommonJS: Node gives the module's object, whose default is the plugin.
const addFormats = formatsPlugin.default;

/** Checks parameters against one tool's schema. */
export class ParameterCheck {
  private readonly validate: ValidateFunction;

  /** Throws an Error where the schema itself is none. */
  constructor({ $schema, ...schema }: ParameterSchema) {
    const ajv = DRAFT_07.test(String($schema)) ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
    addFormats(ajv);
    this.validate = ajv.compile({ type: 'object', ...schema });
  }

  /** The parameters, proven. Throws VALIDATION_ERROR with every field at fault and what would be right in its place. */
  require(parameters: unknown): Record<string, unknown> {
    if (this.validate(parameters)) return parameters as Record<string, unknown>;
    const details = (this.validate.errors ?? []).slice(0, MAX_DETAILS).map(toDetail);
    const message = `The parameters are wrong: ${details.map((detail) => detail.message).join('; ')}.`;
    throw new TalksyError('VALIDATION_ERROR', message, { details });
  }
}

function toDetail({ instancePath, keyword, params, message = 'is wrong' }: ErrorObject): ErrorDetail {
  const parent = instancePath.slice(1).replaceAll('/', '.');
  const { missingProperty, additionalProperty, allowedValues } = params as Record<string, unknown>;
  const child = keyword === 'required' ? missingProperty : keyword === 'additionalProperties' ? additionalProperty : '';
  const field = [parent, child].filter(Boolean).join('.') || 'parameters';
  if (keyword === 'required') return { field, message: `${field} is missing` };
  if (keyword === 'additionalProperties') return { field, message: `${field} is not a parameter of this tool` };
  const allowed = Array.isArray(allowedValues)
    ? `: ${allowedValues.map((value) => JSON.stringify(value)).join(', ')}`
    : '';
  return { field, message: `${field} ${message}${allowed}` };
}
