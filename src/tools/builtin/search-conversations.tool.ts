import { TalksyError } from '../../common/errors/talksy-error.js';
import { type FoundMessage, MessageSearch } from '../../conversation/message-search.port.js';
import { Tool } from '../tool.decorator.js';
import { type ToolContext, ToolHandler } from '../tool.js';

const MAX_WORDS = 8;

export interface SearchParameters {
  query: string;
  limit?: number;
}

/** The caller's own past messages: of anybody else it knows nothing. */
@Tool({
  name: 'search_conversations',
  description:
    "Searches the user's own past conversations for messages that hold all words of the query, newest first. Use it " +
    'when the user refers to something said before that is not in this conversation.',
  category: 'data',
  version: '1.0.0',
  idempotent: true,
  parameters: {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 200, examples: ['hello'], description: 'A few words.' },
      limit: { type: 'integer', minimum: 1, maximum: 20, examples: [5], description: 'Most results; 5 by default.' },
    },
    required: ['query'],
    additionalProperties: false,
  },
})
export class SearchConversationsTool extends ToolHandler<SearchParameters> {
  constructor(private readonly messages: MessageSearch) {
    super();
  }

  override async execute(
    { query, limit = 5 }: SearchParameters,
    { userId }: ToolContext,
  ): Promise<{ matches: FoundMessage[] }> {
    const words = query.split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
    if (words.length === 0) throw new TalksyError('VALIDATION_ERROR', 'query must hold a word');
    return { matches: await this.messages.search(userId, { words, limit }) };
  }
}
