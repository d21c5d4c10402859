import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { PageFetcher } from './page-fetcher.service.js';
import { PublicNetwork } from './public-network.js';

const never = new AbortController().signal;

/** A network in which 127.0.0.1 is public and 127.0.0.2 is not, and names lead where the test says. */
class TestNetwork extends PublicNetwork {
  readonly names = new Map<string, string[]>();
  readonly resolved: string[] = [];
  onlyWeb = false;

  override async resolve(hostname: string): Promise<readonly string[]> {
    this.resolved.push(hostname);
    const found = this.names.get(hostname);
    if (!found) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
    return found;
  }

  override allows(address: string): boolean {
    return address === '127.0.0.1';
  }

  override allowsPort(port: number): boolean {
    return !this.onlyWeb || super.allowsPort(port);
  }
}

describe('http_fetch of Talksy', () => {
  let network: TestNetwork;
  let fetcher: PageFetcher;
  let answer: RequestListener;
  let requests: IncomingMessage[];
  let server: Server;
  let port: number;
  const url = (path = '/', host = '127.0.0.1') => `http://${host}:${port}${path}`;
  const get = (target: string) => fetcher.fetch({ url: target }, never);

  beforeEach(async () => {
    network = new TestNetwork();
    fetcher = new PageFetcher(network);
    requests = [];
    server = createServer((request, response) => {
      requests.push(request);
      answer(request, response);
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    await fetcher.onModuleDestroy();
    server.closeAllConnections();
    server.close();
  });

  it('reads a page', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' });
      response.end(Buffer.from('caf\xe9', 'latin1'));
    };
    expect(await get(url('/page?q=1'))).toEqual({
      url: url('/page?q=1'),
      status: 200,
      contentType: 'text/html; charset=iso-8859-1',
      body: 'café',
      truncated: false,
    });
    expect(requests[0]!.headers).not.toHaveProperty('cookie');
    expect(requests[0]!.headers).not.toHaveProperty('authorization');
  });

  it('reads no body for HEAD and of what is no text', async () => {
    answer = (_request, response) => response.writeHead(404, { 'content-type': 'image/png' }).end('x'.repeat(9));
    expect(await fetcher.fetch({ url: url(), method: 'HEAD' }, never)).toEqual({
      url: url(),
      status: 404,
      contentType: 'image/png',
    });
    expect(requests[0]!.method).toBe('HEAD');
    expect(await get(url())).not.toHaveProperty('body');
  });

  it('stops reading a page that never ends', async () => {
    answer = (_request, response) => {
      const more = (): void => void (response.write('x'.repeat(1000)) && setImmediate(more));
      response.writeHead(200, { 'content-type': 'text/plain; charset=nonsense' }).on('drain', more);
      more();
    };
    const page = await get(url());
    expect([page.body?.length, page.truncated]).toEqual([32_768, true]);
  });

  it('says so where a page breaks off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    await expect(get(url())).rejects.toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('broke') });
  });

  it('follows redirects, but not for ever', async () => {
    answer = ({ url: path = '' }, response) => {
      const hops = Number(path.slice(1));
      if (hops === 0) response.writeHead(200).end('there');
      else response.writeHead(302, { location: `/${hops - 1}` }).end('moved');
    };
    expect(await get(url('/5'))).toMatchObject({ url: url('/0'), body: 'there' });
    await expect(get(url('/6'))).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('reaches no private address by its number, in whatever notation', async () => {
    answer = (_request, response) => response.end('secret');
    for (const host of ['127.0.0.2', '[::1]', '2130706434', '0x7f000002', '127.2', '0', '[::ffff:127.0.0.2]']) {
      await expect(get(url('/', host))).rejects.toMatchObject({
        code: 'TOOL_FAILED',
        message: expect.stringContaining('no public web address'),
      });
    }
    expect(requests).toEqual([]);
  });

  it('reaches no private address by a name', async () => {
    answer = (_request, response) => response.end('secret');
    network.names.set('evil.test', ['127.0.0.2', '::1']);
    await expect(get(url('/', 'evil.test'))).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    network.names.set('mixed.test', ['127.0.0.2', '127.0.0.1']);
    expect(await get(url('/', 'mixed.test'))).toMatchObject({ body: 'secret' });
    expect(requests.map(({ socket }) => socket.localAddress)).toEqual(['127.0.0.1']);
  });

  it('connects to what it has checked, not to what the name leads to a moment later', async () => {
    answer = (_request, response) => response.end('fine');
    network.names.set('rebound.test', ['127.0.0.1']);
    const page = get(url('/', 'rebound.test'));
    network.names.set('rebound.test', ['127.0.0.2']);
    expect(await page).toMatchObject({ body: 'fine' });
    expect(network.resolved).toEqual(['rebound.test']);
  });

  it('reaches no private address by a redirect', async () => {
    network.names.set('evil.test', ['127.0.0.2']);
    for (const location of [
      url('/', '127.0.0.2'),
      url('/', 'evil.test'),
      'file:///etc/passwd',
      'http://u:p@127.0.0.1',
    ]) {
      answer = ({ url: path }, response) =>
        path === '/start' ? response.writeHead(301, { location }).end() : response.end('secret');
      await expect(get(url('/start'))).rejects.toMatchObject({ code: expect.stringMatching(/FAILED|VALIDATION/) });
    }
    expect(new Set(requests.map(({ url: path }) => path))).toEqual(new Set(['/start']));
  });

  it('reaches the ports of the web only', async () => {
    network.onlyWeb = true;
    await expect(get(url())).rejects.toMatchObject({ message: expect.stringContaining(String(port)) });
  });

  it.each(['nonsense', 'ftp://example.com/', 'file:///etc/passwd', 'data:,x', 'http://user:pass@127.0.0.1/'])(
    'refuses %s',
    async (target) => {
      await expect(get(target)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    },
  );

  it('tells why a host cannot be reached', async () => {
    await expect(get(url('/', 'nowhere.test'))).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: `nowhere.test:${port} could not be reached (ENOTFOUND).`,
    });
  });

  it('is given up with its run', async () => {
    const asked = Promise.withResolvers<void>();
    answer = () => asked.resolve();
    const run = new AbortController();
    const page = fetcher.fetch({ url: url() }, run.signal);
    await asked.promise;
    run.abort(new Error('stopped'));
    await expect(page).rejects.toThrow('stopped');
  });
});
