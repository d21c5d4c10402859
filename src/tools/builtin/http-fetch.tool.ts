import { ToolConfig } from '../../config/config.js';
import { type FetchedPage, PageFetcher, type PageRequest } from '../fetch/page-fetcher.service.js';
import { Tool } from '../tool.decorator.js';
import { type ToolContext, ToolHandler } from '../tool.js';

/** Public pages. Not for guests: it would make an open server a proxy for everybody. */
@Tool({
  name: 'http_fetch',
  description:
    'Fetches a public web page or API by GET (or HEAD) and returns its status, content type and the beginning of its ' +
    'text. Follows redirects. Cannot reach private addresses, send data or sign in.',
  category: 'communication',
  version: '1.0.0',
  idempotent: true,
  requiredRole: 'user',
  parameters: {
    type: 'object',
    properties: {
      url: { type: 'string', maxLength: 2000, examples: ['https://example.com/'], description: 'http or https' },
      method: { enum: ['GET', 'HEAD'], description: 'GET where it is left out.' },
    },
    required: ['url'],
    additionalProperties: false,
  },
})
export class HttpFetchTool extends ToolHandler<PageRequest> {
  override readonly enabled: boolean;

  constructor(
    private readonly pages: PageFetcher,
    config: ToolConfig,
  ) {
    super();
    this.enabled = config.httpFetchEnabled;
  }

  override execute(wish: PageRequest, { signal }: ToolContext): Promise<FetchedPage> {
    return this.pages.fetch(wish, signal);
  }
}
