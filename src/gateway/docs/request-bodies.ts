import { z } from 'zod';
import { chatCompletionFields } from '../openai/chat-completion-request.js';
import { responseFields } from '../openai/responses/response-fields.js';
import { uiChatFields } from '../ui-stream/ui-chat-request.js';
import type { JsonSchema } from './dto-schemas.js';

/** A body that is checked by a schema of its own, by `<Controller>.<method>`. */
export function foreignBodies(): Record<string, JsonSchema> {
  return {
    'OpenAiController.complete': inputOf(chatCompletionFields),
    'ResponsesController.create': inputOf(responseFields),
    'ResponsesController.compact': inputOf(responseFields),
    'UiChatController.answer': inputOf(uiChatFields),
    'McpController.post': { type: 'object', description: 'A message of JSON-RPC 2.0.' },
    'TrpcController.mutate': { type: 'object', description: 'The procedure’s input.' },
  };
}

/** What a client may send: fields that the server makes something else of count as they come in. */
function inputOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

/** Bodies that show what is meant; a test sends each of them. */
export const EXAMPLES: Readonly<Record<string, object>> = {
  'AuthController.register': { email: 'ada@example.com', password: 'correct horse battery' },
  'AuthController.login': { email: 'ada@example.com', password: 'correct horse battery' },
  'ChatController.chat': { message: 'What is 17*23?' },
  'ConversationsController.create': { title: 'Plans', temperature: 0.7 },
  'LlmConversationsController.create': { title: 'Plans', message: 'Hello!' },
  'ApiKeysController.create': { name: 'my program' },
  'OpenAiController.complete': { model: 'mock', messages: [{ role: 'user', content: 'Hello!' }] },
  'ResponsesController.create': { model: 'mock', input: 'Hello!' },
  'UiChatController.answer': {
    id: 'my-chat',
    messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Hello!' }] }],
  },
};
