import { completionJson } from './completion-json.js';
import type { CompletionRequest } from './completion-request.js';
import type { CallOptions } from './completions-model.js';
import { CommonHeaders, type VendorRequestInit } from './vendor-fetch.js';

interface BuiltRequest {
  req: RequestInit & { headers: Headers };
  url: string;
  timeout: number;
}

/** What we use of the options that the SDKs make of a call: a CompletionRequest and the headers of CallOptions. */
interface BuildOptions {
  body?: unknown;
  headers?: unknown;
  signal?: AbortSignal | null | undefined;
}

/** The method of both SDKs' clients that makes a request of a call; it is open to replacement. */
interface RequestBuilder {
  buildRequest(options: BuildOptions, context?: { retryCount?: number }): Promise<BuiltRequest>;
}

/**
 * Has a client say in all requests what the SDK said in the first. Each time anew the SDK would make three Headers of
 * some thirty rows, of which only the call's own differ, and write JSON through a function that sees each value. Only
 * for a client whose calls all are the same one, streamed, with options that do not change, and never tried again.
 */
export function keepHeaders(client: RequestBuilder): void {
  const build = client.buildRequest.bind(client);
  let kept: { headers: CommonHeaders; url: string; timeout: number } | undefined;
  client.buildRequest = async (options, context) => {
    const ownHeaders = options.headers as CallOptions['headers'];
    if (!kept) {
      const built = await build(options, context);
      kept = { headers: commonHeaders(built.req.headers, ownHeaders), url: built.url, timeout: built.timeout };
      return built;
    }
    const { headers, url, timeout } = kept;
    const { body, signal = null } = options;
    const req = { method: 'post', headers, ownHeaders, body: completionJson(body as CompletionRequest), signal };
    return { req: req satisfies VendorRequestInit, url, timeout };
  };
}

function commonHeaders(all: Headers, own: CallOptions['headers']): CommonHeaders {
  const headers = new CommonHeaders(all);
  for (const name of Object.keys(own)) headers.delete(name);
  return headers;
}
