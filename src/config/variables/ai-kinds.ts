import Joi from 'joi';
import { PROVIDER_NAMES } from '../vendors.js';

const NAMES: readonly string[] = PROVIDER_NAMES;

/** Providers in order of preference, separated by commas. */
export const providerNames = () =>
  Joi.string()
    .custom((value: string) => {
      const names = value.split(',').map((name) => name.trim());
      const given = names.filter((name) => name !== '');
      if (given.length === 0 || !given.every((name) => NAMES.includes(name))) throw new Error('not a provider');
      return given;
    })
    .messages({ 'any.custom': `{{#label}} must list some of ${NAMES.join(', ')}, separated by commas` })
    .meta({ documentedValues: `some of ${NAMES.map((name) => `\`${name}\``).join(', ')}, separated by commas` });

const model = Joi.object({
  id: Joi.string().trim().max(200).required(),
  provider: Joi.string()
    .valid(...NAMES)
    .required(),
  contextTokens: Joi.number().integer().min(256),
  capabilities: Joi.array().items(Joi.string().valid('tools', 'json_schema', 'vision')),
});

const table = Joi.array().items(model).unique('id');

/** A table of models as JSON; becomes a list. */
export const modelTable = () =>
  Joi.string()
    .custom((value: string): unknown => {
      const { error, value: models } = table.validate(JSON.parse(value), { convert: false });
      if (error) throw error;
      return models;
    })
    .messages({
      'any.custom':
        '{{#label}} must be a JSON list of models, each with its own id, a provider, and perhaps contextTokens (256 or more) and capabilities (tools, json_schema, vision): {{#error.message}}',
    })
    .default([])
    .meta({ documentedDefault: '[]', documentedValues: 'JSON' });
