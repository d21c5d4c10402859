import { TalksyError } from '../../common/errors/talksy-error.js';

/** The largest parameters of one call, as JSON. */
const MAX_CHARS = 65_536;
const MAX_DEPTH = 32;

/**
 * Parameters as they came: an object, or JSON text; nothing at all is an empty object. What is returned is fresh JSON,
 * so that what is checked is what the tool gets. Throws VALIDATION_ERROR for what is no JSON, too large or too deep.
 */
export function parseParameters(given: unknown): unknown {
  const text = typeof given === 'string' ? given : JSON.stringify(given ?? {});
  if (text.length > MAX_CHARS)
    refuse(`The parameters have ${text.length} characters; at most ${MAX_CHARS} are allowed.`);
  if (depthOf(text) > MAX_DEPTH) refuse(`The parameters are nested deeper than ${MAX_DEPTH} levels.`);
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse('The parameters are not valid JSON. Send one JSON object.');
  }
}

const STRING = /"(?:[^"\\]|\\.)*"/g;

/** How deep brackets nest, found without recursion. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const sign of text.replace(STRING, '')) {
    if (sign === '{' || sign === '[') deepest = Math.max(deepest, ++depth);
    else if (sign === '}' || sign === ']') depth--;
  }
  return deepest;
}

function refuse(message: string): never {
  throw new TalksyError('VALIDATION_ERROR', message, { details: [{ field: 'parameters', message }] });
}
