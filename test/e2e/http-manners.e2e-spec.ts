import { Controller, Get, HttpException, Res } from '@nestjs/common';
import type { Response } from 'express';
import { TalksyError } from '../../src/common/errors/talksy-error.js';
import { Raw } from '../../src/common/raw.decorator.js';
import { type AuthApp, startAuthApp } from '../support/auth-app.js';

@Controller('probe')
class ProbeController {
  @Get('raw')
  @Raw()
  raw() {
    return { plain: true };
  }

  @Get('nothing')
  nothing(): void {}

  @Get('items/:id')
  item(): void {}

  @Get('busy')
  busy(): never {
    throw new TalksyError('OVERLOADED', undefined, { retryAfterMs: 1200 });
  }

  @Get('missing')
  missing(): never {
    throw new TalksyError('NOT_FOUND');
  }

  @Get('teapot')
  teapot(): never {
    throw new HttpException('secret of the teapot', 418);
  }

  @Get('bug')
  bug(): never {
    throw new Error('a secret of the database', { cause: new Error('and its cause') });
  }

  @Get('torn')
  torn(@Res() response: Response): never {
    response.write('half an answer');
    throw new Error('torn');
  }
}

describe('Talksy over HTTP', () => {
  let server: AuthApp;
  const login = (body: string, type = 'application/json') =>
    server.http.post('/auth/login').set('Content-Type', type).send(body);

  beforeAll(async () => {
    server = await startAuthApp({ BODY_LIMIT_BYTES: '262144', TRUST_PROXY: '1' }, [ProbeController]);
  });
  afterAll(() => server.app.close());

  const account = { email: 'ada@example.com', password: 'correct horse' };
  const badBodies: [name: string, body: string, message: string][] = [
    ['no JSON', '{"email":', 'body must be valid JSON'],
    ['null', 'null', 'body must be a JSON object'],
    ['a number', '7', 'body must be a JSON object'],
    ['an array', '[]', 'body must be a JSON object'],
    ['1,000 levels', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`, 'body must be nested 32 levels at most'],
    ['100,000 levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'body must be nested 32 levels at most'],
    ['a __proto__', '{"__proto__":{"role":"admin"}}', 'body must not have a key named __proto__'],
    ['a constructor deeper', '{"a":[{"constructor":{}}]}', 'body must not have a key named constructor'],
    ['nothing in it', '{}', 'email must be an address such as name@example.com'],
    [
      'an email that is none',
      JSON.stringify({ ...account, email: 'ada' }),
      'email must be an address such as name@example.com',
    ],
    [
      'an email that is a list',
      JSON.stringify({ ...account, email: [account.email] }),
      'email must be an address such as name@example.com',
    ],
    ['no password', JSON.stringify({ email: account.email }), 'password must be a text that is not empty'],
    [
      '73 bytes of password',
      JSON.stringify({ ...account, password: 'ü'.repeat(36) + 'x' }),
      'password must have at most 72 bytes of UTF-8',
    ],
    [
      'half a character',
      '{"email":"ada@example.com","password":"\\ud83d-and-more"}',
      'password must be well-formed Unicode',
    ],
  ];

  it.each(badBodies)('refuses a body with %s', async (_name, body, message) => {
    const answer = await login(body).expect(400);
    expect(answer.body).toMatchObject({ code: 'VALIDATION_ERROR', message, requestId: answer.headers['x-request-id'] });
  });

  it('lists every field at fault', async () => {
    const { body } = await server.http.post('/auth/register').send({ email: 'ada', password: '1234567' }).expect(400);
    expect(body.details).toEqual([
      { field: 'email', message: 'email must be an address such as name@example.com' },
      { field: 'password', message: 'password must have at least 8 bytes of UTF-8' },
    ]);
  });

  it('refuses a refresh token that is no text', async () => {
    const { body } = await server.http
      .post('/auth/refresh')
      .send({ refreshToken: { $ne: '' } })
      .expect(400);
    expect(body.message).toBe('refreshToken must be the text that the last sign-in or refresh returned');
  });

  it('reads JSON only', async () => {
    const { body } = await login('email=ada%40example.com&password=x', 'application/x-www-form-urlencoded').expect(400);
    expect(body.message).toBe('body must be a JSON object, sent with Content-Type: application/json');
  });

  it('says which encodings it reads', async () => {
    const charset = await login('{}', 'application/json; charset=koi8-r').expect(400);
    expect(charset.body.message).toBe('body must be encoded in UTF-8');
    const encoding = await login('{}').set('Content-Encoding', 'rot13').expect(400);
    expect(encoding.body.message).toMatch(/^body must be sent plain/);
  });

  it('refuses a body over the limit', async () => {
    const { body } = await login(JSON.stringify({ ...account, filler: 'x'.repeat(262_144) })).expect(413);
    expect(body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: 'body must have 262144 bytes at most' });
  });

  it('answers an unknown route and a wrong method in the one shape', async () => {
    const unknown = await server.http.get('/nowhere').expect(404);
    expect(unknown.body).toEqual({
      code: 'NOT_FOUND',
      message: 'There is nothing here.',
      requestId: unknown.headers['x-request-id'],
    });
    const wrong = await server.http.delete('/auth/login').expect(405);
    expect(wrong.body).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      message: 'DELETE is not allowed here; allowed: POST',
    });
    expect(wrong.headers.allow).toBe('POST');
    expect((await server.http.post('/auth/me').expect(405)).headers.allow).toBe('DELETE, GET, HEAD');
    await server.http.head('/auth/login').expect(405);
  });

  it('refuses a path that cannot be decoded', async () => {
    const { body } = await server.http.get('/probe/items/%FF').expect(400);
    expect(body).toMatchObject({ code: 'VALIDATION_ERROR', message: 'path must be valid percent-encoding' });
    await server.http.post('/probe/items/%FF').expect(400);
  });

  it('keeps its own NOT_FOUND on a route that exists', async () => {
    expect((await server.http.get('/probe/missing').expect(404)).body.code).toBe('NOT_FOUND');
  });

  it('wraps results, but for routes marked raw', async () => {
    expect((await server.http.get('/probe/nothing').expect(200)).body).toMatchObject({ success: true, data: null });
    expect((await server.http.get('/probe/raw').expect(200)).body).toEqual({ plain: true });
  });

  it('says in whole seconds when to come again', async () => {
    const { body, headers } = await server.http.get('/probe/busy').expect(503);
    expect(body).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1200 });
    expect(headers['retry-after']).toBe('2');
  });

  it('keeps what went wrong inside to itself, and logs it under the id of the request', async () => {
    server.errors.length = 0;
    const { body } = await server.http.get('/probe/bug').expect(500);
    expect(body).toEqual({
      code: 'INTERNAL_ERROR',
      message: 'Something went wrong on our side.',
      requestId: expect.any(String),
    });
    expect(server.errors).toEqual([
      [
        `request ${body.requestId} failed: GET /probe/bug`,
        expect.stringMatching(/^Error: a secret of the database\n[^]*\ncaused by: Error: and its cause\n/),
        'HTTP',
      ],
    ]);
  });

  it('logs no error for the mistake of a client', async () => {
    server.errors.length = 0;
    await login('{"email":').expect(400);
    await server.http.get('/nowhere').expect(404);
    await server.http.get('/auth/me').expect(401);
    expect(server.errors).toEqual([]);
  });

  it('has no words of the framework in its answers', async () => {
    const teapot = await server.http.get('/probe/teapot').expect(400);
    expect(teapot.body).toMatchObject({ code: 'VALIDATION_ERROR', message: 'The request is malformed.' });
  });

  it('breaks the connection when an answer fails half way', async () => {
    await expect(fetch(`${server.url}/probe/torn`).then((answer) => answer.text())).rejects.toThrow();
  });

  it('takes a request id that is sane, and replaces one that is not', async () => {
    const sane = await server.http.get('/nowhere').set('X-Request-Id', 'my-id_1.2');
    expect([sane.headers['x-request-id'], sane.body.requestId]).toEqual(['my-id_1.2', 'my-id_1.2']);
    const odd = await server.http.get('/nowhere').set('X-Request-Id', '<script>');
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('lets pages of this machine call it, and no others', async () => {
    const preflight = (origin: string) =>
      server.http
        .options('/auth/login')
        .set({ Origin: origin, 'Access-Control-Request-Method': 'POST' })
        .set('Access-Control-Request-Headers', 'authorization,content-type');
    const local = await preflight('http://localhost:5173').expect(204);
    expect(local.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:5173',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization,content-type',
    });
    const foreign = await preflight('http://localhost.example.com');
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('hides its framework and sends security headers', async () => {
    const { headers } = await server.http.get('/nowhere');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    });
  });

  it('waits for slow senders only so long', () => {
    const { headersTimeout, requestTimeout } = server.app.getHttpServer();
    expect([headersTimeout, requestTimeout]).toEqual([15_000, 60_000]);
  });
});
