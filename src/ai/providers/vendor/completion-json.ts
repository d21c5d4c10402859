import type { CompletionRequest } from './completion-request.js';

/** Tools are most of a short question's request, and the same ones again and again. */
const texts = new WeakMap<object, string>();

/** The body of a request as JSON. A tool that was written once is not written anew. */
export function completionJson({ tools, ...rest }: CompletionRequest): string {
  const text = JSON.stringify(rest);
  return tools ? `${text.slice(0, -1)},"tools":[${tools.map(textOf).join(',')}]}` : text;
}

function textOf(tool: object): string {
  let text = texts.get(tool);
  if (text === undefined) texts.set(tool, (text = JSON.stringify(tool)));
  return text;
}
