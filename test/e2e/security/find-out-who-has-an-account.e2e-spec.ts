import { jest } from '@jest/globals';
import bcrypt from 'bcrypt';
import { type AuthApp, startAuthApp } from '../../support/auth-app.js';

describe('Talksy, asked whether somebody has an account,', () => {
  let server: AuthApp;
  const login = (email: string, password = 'wrong password') =>
    server.http.post('/auth/login').send({ email, password });

  beforeAll(async () => {
    server = await startAuthApp({
      ADMIN_EMAIL: 'root@example.com',
      ADMIN_PASSWORD: 'correct horse',
      API_KEYS: `svc:${'k'.repeat(32)}`,
    });
    await server.http.post('/auth/register').send({ email: 'ada@example.com', password: 'correct horse' }).expect(201);
  });
  afterAll(() => server.app.close());
  afterEach(() => jest.restoreAllMocks());

  it('answers a wrong password and an unknown email with the same status, headers and words', async () => {
    const [known, unknown] = [await login('ada@example.com'), await login('nobody@example.com')];
    const facts = ({ status, headers, body }: typeof known) => {
      const { 'x-request-id': _id, date: _date, etag: _etag, ...rest } = headers as Record<string, string>;
      return { status, headers: rest, body: { ...body, requestId: '' } };
    };
    expect(facts(known)).toEqual(facts(unknown));
  });

  it('compares a password of the same cost for an email that it does not know', async () => {
    const compared: string[] = [];
    const compare = bcrypt.compare.bind(bcrypt);
    jest.spyOn(bcrypt, 'compare').mockImplementation((async (password: string, hash: string) => {
      compared.push(hash);
      return compare(password, hash);
    }) as never);
    await login('ada@example.com');
    await login('nobody@example.com');
    expect(compared.map((hash) => [hash.length, bcrypt.getRounds(hash)])).toEqual([
      [60, 4],
      [60, 4],
    ]);
  });

  it('slows down the guesser of an unknown email like any other', async () => {
    const codes = async (email: string) => {
      const seen: [number, string][] = [];
      for (let i = 0; i < 12; i++) {
        const { status, body } = await login(email);
        seen.push([status, body.code]);
      }
      return seen;
    };
    const server2 = server;
    server2.clock.advance(3_600_001);
    const known = await codes('ada@example.com');
    expect(known).toEqual(await codes('somebody@example.com'));
    expect(known.at(-1)).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
  });

  it('gives nobody an address that only the server may give', async () => {
    for (const email of ['svc@service.invalid', 'x@guest.invalid']) {
      const { body } = await server.http.post('/auth/register').send({ email, password: 'correct horse' }).expect(400);
      expect(body.details).toEqual([{ field: 'email', message: expect.any(String) }]);
    }
  });
});
