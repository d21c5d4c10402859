import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Agent, type Dispatcher, request } from 'undici';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { publicAgent } from './public-agent.js';
import { PublicNetwork } from './public-network.js';
import { readText } from './read-text.js';

export interface PageRequest {
  url: string;
  method?: 'GET' | 'HEAD';
}

/** What came back. */
export interface FetchedPage {
  /** Where the redirects, if any, have led. */
  url: string;
  status: number;
  contentType: string;
  /** Absent for HEAD, and for what is no text. */
  body?: string;
  /** Whether there was more of it. */
  truncated?: boolean;
}

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const HEADERS = { 'user-agent': 'Talksy (assistant; http_fetch)', accept: '*/*', 'accept-encoding': 'identity' };

/** Reads public pages for a model: bounded in time, size and redirects, and never with a credential. */
@Injectable()
export class PageFetcher implements OnModuleDestroy {
  private readonly agent: Agent;

  constructor(network: PublicNetwork) {
    this.agent = publicAgent(network);
  }

  async onModuleDestroy(): Promise<void> {
    await this.agent.destroy();
  }

  /** Throws VALIDATION_ERROR for what is no web address, TOOL_FAILED where it cannot be had; rejects on abort. */
  async fetch({ url, method = 'GET' }: PageRequest, signal: AbortSignal): Promise<FetchedPage> {
    let target = webAddress(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.ask(target, method, signal);
      const location = textOf(response.headers['location']);
      if (!REDIRECTS.has(response.statusCode) || !location) return pageOf(target, method, response);
      response.body.destroy();
      target = webAddress(location, target);
    }
    throw new TalksyError('TOOL_FAILED', `There were more than ${MAX_REDIRECTS} redirects.`);
  }

  private async ask(target: URL, method: 'GET' | 'HEAD', signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      const response = await request(target, { method, signal, headers: HEADERS, dispatcher: this.agent });
      // Whoever leaves a body before its end would else have thrown an error that nobody catches.
      response.body.on('error', () => undefined);
      return response;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TalksyError) throw error;
      const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
      throw new TalksyError('TOOL_FAILED', `${target.host} could not be reached (${code}).`, { cause: error });
    }
  }
}

async function pageOf(target: URL, method: string, response: Dispatcher.ResponseData): Promise<FetchedPage> {
  const contentType = textOf(response.headers['content-type']);
  const page = { url: target.href, status: response.statusCode, contentType };
  if (method === 'HEAD') {
    response.body.destroy();
    return page;
  }
  return { ...page, ...(await readText(response.body, contentType)) };
}

function webAddress(url: string, base?: URL): URL {
  const target = URL.canParse(url, base?.href) ? new URL(url, base) : undefined;
  if (target?.protocol !== 'http:' && target?.protocol !== 'https:') {
    throw new TalksyError('VALIDATION_ERROR', 'url must be an http or https address');
  }
  if (target.username || target.password) {
    throw new TalksyError('VALIDATION_ERROR', 'url must not hold a user name or password');
  }
  return target;
}

const textOf = (header: string | string[] | undefined): string => (Array.isArray(header) ? header[0] : header) ?? '';
