import type { Readable } from 'node:stream';

/** What an SDK takes in place of the global `fetch`. */
export type VendorFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A success whose body is read as packets, not through the web stream that a `Response` would wrap around them. */
export class PacketResponse extends Response {
  constructor(
    readonly packets: Readable,
    init: ResponseInit,
  ) {
    super(null, init);
  }
}

/** Nobody reads more of an error page than this. */
const MAX_ERROR_BYTES = 65_536;

/**
 * A `fetch` for the SDKs over undici's lower interface: successes are PacketResponses, failures carry their text. A
 * connection that does not stand in time fails with UND_ERR_CONNECT_TIMEOUT; all other limits are the caller's.
 */
export async function openVendorFetch(connectTimeoutMs: number): Promise<VendorFetch> {
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connect: { timeout: connectTimeoutMs }, headersTimeout: 0, bodyTimeout: 0 });
  return async (url, init = {}) => {
    const { statusCode, headers, body } = await request(url instanceof Request ? url.url : url, {
      dispatcher,
      method: init.method === 'GET' ? 'GET' : 'POST',
      headers: Object.fromEntries(new Headers(init.headers)),
      body: init.body as string,
      ...(init.signal && { signal: init.signal }),
    });
    const answer = { status: statusCode, headers: flatten(headers) };
    if (statusCode >= 200 && statusCode < 300) return new PacketResponse(body, answer);
    return new Response(await textOf(body), answer);
  };
}

function flatten(headers: NodeJS.Dict<string | string[]>): Headers {
  const flat = new Headers();
  for (const [name, value = []] of Object.entries(headers)) for (const one of [value].flat()) flat.append(name, one);
  return flat;
}

/** The beginning of an error's body; a connection that breaks in it takes nothing away but words. */
async function textOf(body: Readable): Promise<string> {
  const packets: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const packet of body as AsyncIterable<Buffer>) {
      packets.push(packet);
      bytes += packet.length;
      if (bytes >= MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status has come, and that is what counts.
  }
  return Buffer.concat(packets).toString('utf8', 0, MAX_ERROR_BYTES);
}
