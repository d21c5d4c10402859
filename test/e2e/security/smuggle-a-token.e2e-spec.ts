import { request as httpRequest } from 'node:http';
import { io } from 'socket.io-client';
import { type Account, AssistantClient, type Payload, register } from '../../support/assistant-client.js';
import { rest } from '../../support/rest.js';
import { startTalksy, type TestApp } from '../../support/talksy-app.js';
import { within } from '../../support/within.js';

describe('Talksy, given a token where none belongs,', () => {
  let server: TestApp;
  let account: Account;
  let key: string;
  const me = async (headers: Record<string, string>, query = '') => {
    const { status, body } = await rest(server.url, ['GET', `/auth/me${query}`], { headers });
    return status === 200 ? body.data.email : body.code;
  };
  /** With headers that no ordinary client can send. */
  const rawMe = (headers: string[]) =>
    new Promise<number | undefined>((resolve, reject) => {
      const raw = httpRequest(`${server.url}/auth/me`, { headers: ['Host', 'localhost', ...headers] }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      raw.on('error', reject).end();
    });

  beforeAll(async () => {
    server = await startTalksy();
    account = await register(server.url);
    const options = { credential: account.accessToken, body: { name: 'key' } };
    key = (await rest(server.url, ['POST', '/auth/api-keys'], options)).body.data.key;
  });
  afterAll(() => server.close());

  it('takes it from the two headers that are for it, however they are written', async () => {
    for (const headers of [
      { authorization: `Bearer ${account.accessToken}` },
      { authorization: `bearer   ${account.accessToken}` },
      { authorization: `Bearer ${key}` },
      { 'x-api-key': key },
    ]) {
      expect(await me(headers as unknown as Record<string, string>)).toBe(account.email);
    }
  });

  it('takes none from the address, a cookie, another header or another scheme', async () => {
    const token = account.accessToken;
    const query = `?access_token=${token}&token=${token}&apiKey=${key}&authorization=Bearer%20${token}`;
    expect(await me({}, query)).toBe('UNAUTHORIZED');
    for (const headers of [
      { cookie: `token=${token}; access_token=${token}` },
      { 'x-access-token': token },
      { 'x-authorization': `Bearer ${token}` },
      { 'proxy-authorization': `Bearer ${token}` },
      { 'x-api-key': '' },
      { authorization: token },
      { authorization: `Basic ${token}` },
      { authorization: `Bearer` },
      { authorization: `Bearer ${token},Bearer ${token}` },
      { authorization: `Bearer ${token} ${token}` },
      { authorization: `Bearer ${'x'.repeat(9000)}` },
    ]) {
      expect(await me(headers as unknown as Record<string, string>)).toBe('UNAUTHORIZED');
    }
  });

  it('takes none of two, so that no proxy and server can disagree on which one counts', async () => {
    expect(await me({ authorization: `Bearer ${account.accessToken}`, 'x-api-key': key })).toBe('UNAUTHORIZED');
    expect(await rawMe(['X-API-Key', key, 'X-API-Key', 'tk_other'])).toBe(401);
    expect(await rawMe(['Authorization', 'Bearer wrong', 'Authorization', `Bearer ${account.accessToken}`])).toBe(401);
  });

  it('takes a socket’s from the handshake only, and only one', async () => {
    const refused = async (options: object) => {
      const socket = io(server.url, { reconnection: false, forceNew: true, transports: ['websocket'], ...options });
      const error = new Promise<Payload>((resolve) => socket.on('connect_error', resolve));
      const { data } = await within('the refusal', error).finally(() => socket.close());
      return data.code;
    };
    const { accessToken: token } = account;
    const extraHeaders = { authorization: `Bearer ${token}`, 'x-api-key': key, cookie: `token=${token}` };
    for (const options of [
      {},
      { query: { token, apiKey: key } },
      { extraHeaders },
      { auth: { token: { toString: 'x' } } },
      { auth: { token: [token] } },
      { auth: { token: '' } },
      { auth: { token: 'x'.repeat(9000) } },
      { auth: { token, apiKey: key } },
    ]) {
      expect([options, await refused(options)]).toEqual([options, 'UNAUTHORIZED']);
    }
    const client = AssistantClient.dial(server.url, { apiKey: key });
    await client.untilEvent('SESSION_CREATED');
    client.close();
  });
});
