import { completionJson } from './completion-json.js';
import { type CompletionRequest, toCompletionRequest } from './completion-request.js';

const TOOL = { name: 'get_time', description: 'The "time"', parameters: { type: 'object', properties: {} } };

const requestOf = (content: string, tools: object[] = []): CompletionRequest =>
  toCompletionRequest({ model: 'm', messages: [{ role: 'user', content }], requestId: 'r', tools: tools as never });

describe('The JSON of a request to a vendor', () => {
  it.each([
    ['without tools', requestOf('Größe "3"\n\ud83d')],
    ['with a tool', requestOf('Hi', [TOOL])],
    ['with the same tool again', requestOf('Ho', [TOOL])],
    ['with two of them', requestOf('Ho', [{ ...TOOL, name: 'other' }, TOOL])],
    ['with a choice', { ...requestOf('Hi', [TOOL]), tool_choice: 'required' as const }],
  ])('says what was asked for %s', (_what, request) => {
    expect(JSON.parse(completionJson(request))).toEqual(JSON.parse(JSON.stringify(request)));
  });

  it('tells a tool of the same name as it is now', () => {
    completionJson(requestOf('Hi', [TOOL]));
    const changed = { ...TOOL, description: 'Another' };
    expect(completionJson(requestOf('Hi', [changed]))).toContain('"description":"Another"');
  });
});
