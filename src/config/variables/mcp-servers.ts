import Joi from 'joi';
import type { McpServerConfig } from '../config.js';

const NAME = /^[A-Za-z0-9-]{1,24}$/;

const approval = Joi.string().valid('destructive', 'always', 'never').default('destructive');
const role = Joi.string().valid('guest', 'user', 'admin').default('user');
const strings = Joi.object().pattern(Joi.string(), Joi.string());

/** One server: a program that is started here and spoken to over its standard streams, or an address. */
const server = Joi.alternatives(
  Joi.object({
    command: Joi.string().required(),
    args: Joi.array().items(Joi.string()).default([]),
    env: strings.default({}),
    cwd: Joi.string(),
    approval,
    role,
  }),
  Joi.object({
    url: Joi.string()
      .uri({ scheme: ['http', 'https'] })
      .required(),
    headers: strings.default({}),
    approval,
    role,
  }),
);

const table = Joi.object().pattern(NAME, server);

function parse(value: string): McpServerConfig[] {
  const given = JSON.parse(value) as Record<string, unknown>;
  const named = typeof given?.['mcpServers'] === 'object' ? given['mcpServers'] : given;
  const { error, value: servers } = table.required().validate(named);
  if (error) throw error;
  return Object.entries(servers as Record<string, Omit<McpServerConfig, 'name'>>).map(
    ([name, rest]) => ({ name, ...rest }) as McpServerConfig,
  );
}

/** MCP servers as JSON, by name; what many programs keep under `mcpServers` works as it is. Its messages repeat nothing. */
export const mcpServers = () =>
  Joi.string()
    .custom(parse)
    .messages({
      'any.custom':
        '{{#label}} must be a JSON object of server names, each with a command (and args) or a url; names have letters, digits and -',
    })
    .meta({ documentedValues: 'JSON' });

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/;

/** Host names, with or without a port, separated by commas; becomes a list in lower case. */
export const hostNames = () =>
  Joi.string()
    .custom((value: string) => {
      const names = value.split(',').map((name) => name.trim().toLowerCase());
      const given = names.filter((name) => name !== '');
      if (!given.every((name) => HOST.test(name))) throw new Error('not a host');
      return given;
    })
    .messages({ 'any.custom': '{{#label}} must list host names such as chat.example.com, separated by commas' })
    .meta({ documentedValues: 'host names, separated by commas' });
