import { z } from 'zod';
import type { ModelTool } from '../../common/model-message.js';
import { TalksyError } from '../../common/errors/talksy-error.js';

/** Text that every store takes: well-formed, without NUL. */
export const text = z.string().transform((value) => value.toWellFormed().replaceAll('\0', '\ufffd'));

export const functionName = z.string().regex(/^[\w-]{1,64}$/, 'must have 1 to 64 of letters, digits, _ and -');

/** What a caller may say about one of its functions. */
export const functionParts = {
  name: functionName,
  description: text.nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
};

/** A function of the caller as models are offered it. */
export function toModelTool(parts: z.infer<z.ZodObject<typeof functionParts>>): ModelTool {
  const { name, description, parameters } = parts;
  return { name, parameters: parameters ?? {}, ...(description && { description }) };
}

/** The name of one of Talksy's own tools, where this asks for one: `{"type": "talksy", "name": "calculator"}`. */
export function ownToolOf(tool: unknown): string | undefined {
  const { type, name } = (tool ?? {}) as { type?: unknown; name?: unknown };
  return type === 'talksy' && typeof name === 'string' ? name : undefined;
}

export const typeOf = (tool: unknown): unknown => (tool as { type?: unknown } | null)?.type;

/** The field at fault and what is wrong with it, as VALIDATION_ERROR. */
export function invalid({ path, message: what }: { path: readonly PropertyKey[]; message: string }): TalksyError {
  const field = path.map(String).join('.') || 'body';
  const words = `${field}: ${what}`;
  return new TalksyError('VALIDATION_ERROR', words, { details: [{ field, message: words }] });
}
