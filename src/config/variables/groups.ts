import type Joi from 'joi';
import { aiVariables } from './ai.variables.js';
import { authVariables } from './auth.variables.js';
import { coreVariables } from './core.variables.js';
import { limitVariables } from './limit.variables.js';
import { logVariables } from './log.variables.js';
import { runVariables } from './run.variables.js';
import { sessionVariables } from './session.variables.js';
import { storeVariables } from './store.variables.js';
import { toolVariables } from './tool.variables.js';

export interface VariableGroup {
  title: string;
  variables: Record<string, Joi.Schema>;
}

/** Every variable the server reads, in the order in which the documents list them. */
export const VARIABLE_GROUPS: readonly VariableGroup[] = [
  { title: 'Core', variables: coreVariables },
  { title: 'Stores', variables: storeVariables },
  { title: 'AI', variables: aiVariables },
  { title: 'Accounts and tokens', variables: authVariables },
  { title: 'Sessions', variables: sessionVariables },
  { title: 'Limits', variables: limitVariables },
  { title: 'Runs', variables: runVariables },
  { title: 'Tools', variables: toolVariables },
  { title: 'Logs', variables: logVariables },
];
