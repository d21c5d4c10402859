import Joi from 'joi';
import { ConfigError } from './config-error.js';
import type { TalksyConfig } from './config.js';
import { requireWorkable } from './production-rules.js';
import { aiSlice } from './variables/ai.variables.js';
import { authSlice } from './variables/auth.variables.js';
import { serverSlice } from './variables/core.variables.js';
import { VARIABLE_GROUPS } from './variables/groups.js';
import { limitSlice } from './variables/limit.variables.js';
import { logSlice } from './variables/log.variables.js';
import type { Settings } from './variables/reader.js';
import { runSlice } from './variables/run.variables.js';
import { sessionSlice } from './variables/session.variables.js';
import { storeSlice } from './variables/store.variables.js';
import { toolSlice } from './variables/tool.variables.js';

const schema = Joi.object(Object.assign({}, ...VARIABLE_GROUPS.map((group) => group.variables)));

/** Reads, checks and freezes the configuration. A variable that is set but empty counts as unset. Throws ConfigError. */
export function loadConfig(env: NodeJS.ProcessEnv, isTerminal = false): TalksyConfig {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const { error, value } = schema.validate(set, { stripUnknown: true, errors: { wrap: { label: false } } });
  if (error) throw new ConfigError(`${error.message} (see .env.example)`);
  const config = slices(value as Settings, isTerminal);
  requireWorkable(config);
  return freezeDeep(config);
}

function slices(settings: Settings, isTerminal: boolean): TalksyConfig {
  return {
    server: serverSlice(settings),
    store: storeSlice(settings),
    ai: aiSlice(settings),
    auth: authSlice(settings),
    session: sessionSlice(settings),
    limits: limitSlice(settings),
    run: runSlice(settings),
    tools: toolSlice(settings),
    log: logSlice(settings, isTerminal),
  };
}

function freezeDeep<T extends object>(value: T): T {
  for (const child of Object.values(value)) if (child && typeof child === 'object') freezeDeep(child);
  return Object.freeze(value);
}
