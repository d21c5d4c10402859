import { TalksyError } from '../../common/errors/talksy-error.js';

export const MAX_PAYLOAD_DEPTH = 32;

/** Keys that reach into prototypes when an object is copied carelessly. No payload of ours has them. */
const REFUSED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The payload itself, proven to be an object that is nested at most `maxDepth` levels deep (itself the first) and has
 * no key that pollutes prototypes. VALIDATION_ERROR otherwise. Not recursive: depth costs no stack.
 */
export function plainPayload(value: unknown, maxDepth = MAX_PAYLOAD_DEPTH, name = 'payload'): Record<string, unknown> {
  if (!isObject(value) || Array.isArray(value)) {
    throw new TalksyError('VALIDATION_ERROR', `${name} must be a JSON object`);
  }
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth)
      throw new TalksyError('VALIDATION_ERROR', `${name} must be nested ${maxDepth} levels at most`);
    level = level.flatMap((parent) => childrenOf(parent, name));
  }
  return value as Record<string, unknown>;
}

/** Binary values (a socket may send some) are leaves: their bytes are not keys. */
function childrenOf(parent: object, name: string): object[] {
  if (ArrayBuffer.isView(parent)) return [];
  if (!Array.isArray(parent)) refuseKeys(parent, name);
  return Object.values(parent).filter(isObject);
}

function refuseKeys(parent: object, name: string): void {
  const refused = Object.keys(parent).find((key) => REFUSED_KEYS.has(key));
  if (refused) throw new TalksyError('VALIDATION_ERROR', `${name} must not have a key named ${refused}`);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
