import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RestClient } from './rest-client.js';

const credentials = { email: 'a@b.c', password: 'pass-word' };

describe('the client of Talksy', () => {
  let server: Server;
  let reply: { status: number; body: string };
  let rest: RestClient;

  beforeEach(async () => {
    server = createServer((_request, response) => void response.writeHead(reply.status).end(reply.body));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    rest = new RestClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => server.close());

  it('takes the tokens out of the envelope', async () => {
    const data = { accessToken: 'a', refreshToken: 'r', expiresIn: 900 };
    reply = { status: 200, body: JSON.stringify({ success: true, data }) };
    expect(await rest.login(credentials)).toEqual(data);
    expect(await rest.refresh('r')).toEqual(data);
  });

  it('passes the words of the server on', async () => {
    const error = { code: 'OVERLOADED', message: 'busy', requestId: 'r1', retryAfterMs: 7 };
    reply = { status: 503, body: JSON.stringify(error) };
    await expect(rest.register(credentials)).rejects.toMatchObject({ ...error, isPassing: true });
  });

  it.each([
    [200, '<html>'],
    [200, '{}'],
    [502, 'null'],
  ])('recognises a stranger by its answer: %i %s', async (status, body) => {
    reply = { status, body };
    await expect(rest.login(credentials)).rejects.toMatchObject({
      code: 'NOT_TALKSY',
      message: `${rest.url} does not answer like a Talksy server (status ${status})`,
    });
  });

  it.each([
    ['http://127.0.0.1:1', /cannot reach http:\/\/127.0.0.1:1: /],
    ['http://talksy.invalid', /cannot reach http:\/\/talksy.invalid: /],
  ])('says why it cannot reach %s', async (url, message) => {
    const failure = new RestClient(url).login(credentials);
    await expect(failure).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringMatching(message) });
  });
});
