import { AssistantClient, type Account, type Payload, register } from '../support/assistant-client.js';
import { claimsOf, handMadeJwt } from '../support/hand-made-jwt.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

/** An object nested `levels` deep. */
function nested(levels: number): object {
  let value: object = {};
  for (let i = 0; i < levels; i++) value = { a: value };
  return value;
}

/** JSON makes `__proto__` an own key; an object literal does not. */
const POLLUTION = JSON.parse('{"text":"hi","__proto__":{"isAdmin":true}}') as object;

const SECRET = 'a test secret that is long enough for HS256';

describe('A client that sends rubbish', () => {
  let app: TestApp;
  let account: Account;
  let client: AssistantClient;

  beforeAll(async () => {
    app = await startTalksy({ MESSAGE_MAX_BYTES: '100', JWT_SECRET: SECRET });
    account = await register(app.url);
    client = await AssistantClient.connect(app.url, account);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await app.close();
  });

  it.each<[string, unknown, string, string]>([
    ['empty text', { text: '' }, 'VALIDATION_ERROR', 'text'],
    ['blank text', { text: ' \n\t ' }, 'VALIDATION_ERROR', 'text'],
    ['no text', {}, 'VALIDATION_ERROR', 'text'],
    ['a number as text', { text: 5 }, 'VALIDATION_ERROR', 'text'],
    ['an object as text', { text: { toString: 1 } }, 'VALIDATION_ERROR', 'text'],
    ['bytes as text', { text: Buffer.from('hi') }, 'VALIDATION_ERROR', 'text'],
    ['text over the limit in bytes', { text: 'ü'.repeat(51) }, 'PAYLOAD_TOO_LARGE', '102 bytes'],
    ['a control character', { text: 'a\u0000b' }, 'VALIDATION_ERROR', 'control'],
    ['an escape character', { text: 'a\u001b[31m' }, 'VALIDATION_ERROR', 'control'],
    ['null', null, 'VALIDATION_ERROR', 'payload'],
    ['an array', [1, 2], 'VALIDATION_ERROR', 'payload'],
    ['a number', 7, 'VALIDATION_ERROR', 'payload'],
    ['a string', 'hi', 'VALIDATION_ERROR', 'payload'],
    ['a payload nested 1,000 deep', { text: 'hi', more: nested(1000) }, 'VALIDATION_ERROR', 'nested'],
    ['__proto__', POLLUTION, 'VALIDATION_ERROR', '__proto__'],
    ['an empty messageId', { text: 'hi', messageId: '' }, 'VALIDATION_ERROR', 'messageId'],
    ['an agent', { text: 'hi', agent: 'bob' }, 'VALIDATION_ERROR', 'agent'],
    ['attachments', { text: 'hi', attachments: [{}] }, 'VALIDATION_ERROR', 'attachments'],
    ['a policy nobody has', { text: 'hi', onBusy: 'explode' }, 'VALIDATION_ERROR', 'onBusy'],
  ])('is told what to change: %s', async (_what, payload, code, hint) => {
    for (const event of ['user_message', 'user_message_stream']) {
      const mark = client.received.length;
      const { ok, error } = await client.ask(event, payload);
      expect({ ok, code: error?.code }).toEqual({ ok: false, code });
      expect(error.message).toContain(hint);
      expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(client.received.slice(mark)).toEqual([{ event: 'error', payload: error }]);
    }
    expect(({} as Payload).isAdmin).toBeUndefined();
  });

  it('is told so without an ack as well', async () => {
    const mark = client.received.length;
    client.send('user_message', { text: '' });
    const error = await client.until((event) => event === 'error' && client.received.length > mark);
    expect(error.code).toBe('VALIDATION_ERROR');
  });

  it.each([
    ['resume_stream', {}, 'runId'],
    ['resume_stream', { runId: 'x', afterSeq: 1.5 }, 'afterSeq'],
    ['stop_stream', { runId: 7 }, 'runId'],
    ['get_history', { limit: 0 }, 'limit'],
    ['get_history', { before: 'x' }, 'before'],
  ])('is told what to change in %s %j', async (event, payload, field) => {
    const { error } = await client.ask(event, payload);
    expect(error).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field, message: expect.stringContaining(field) }],
    });
  });

  it('is told that an event is unknown', async () => {
    const { ok, error } = await client.ask('make_coffee', { strong: true });
    expect({ ok, error }).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION_ERROR', message: 'unknown event "make_coffee"' },
    });
    client.send('make_tea');
    await client.until((event, payload) => event === 'error' && payload.message.includes('make_tea'));
  });

  it.each(['2[5,"x"]', '25[5]', '2[null]', '2[]', '2{"a":1}', '9', '2["user_message"'])(
    'may send the raw packet %s, and harms nobody but itself',
    async (packet) => {
      const vandal = await AssistantClient.connect(app.url, account);
      vandal.sendRaw(packet);
      await vandal.until((event) => event === 'error' || event === 'disconnect');
      vandal.close();
      expect((await client.ask('get_session_info', {})).ok).toBe(true);
    },
  );

  it.each([[null], [5], [[]], ['x']])('is told that get_session_info takes an object, not %j', async (payload) => {
    expect(await client.ask('get_session_info', payload)).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION_ERROR' },
    });
  });

  it('may send several payloads in one event, or none, and is told the same', async () => {
    expect(await client.ask('user_message', { text: 'a' }, { text: 'b' })).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION_ERROR' },
    });
    expect(await client.ask('user_message')).toMatchObject({ ok: false, error: { code: 'VALIDATION_ERROR' } });
  });

  it('is still connected after all that, and still answered', async () => {
    expect((await client.stream('exactly: still here')).text).toBe('still here');
  });

  it('gets answers to events that come before the session is announced', async () => {
    const eager = AssistantClient.dial(app.url, { token: account.accessToken });
    const early = eager.ask('user_message', { text: 'exactly: early bird' });
    expect((await early).data.text).toBe('early bird');
    expect(eager.received[0]?.event).toBe('SESSION_CREATED');
    eager.close();
  });

  it.each<[string, () => object, string]>([
    ['no token', () => ({}), 'UNAUTHORIZED'],
    ['garbage', () => ({ token: 'garbage' }), 'UNAUTHORIZED'],
    ['a number as token', () => ({ token: 42 }), 'UNAUTHORIZED'],
    ['a huge token', () => ({ token: 'x'.repeat(10_000) }), 'UNAUTHORIZED'],
    [
      'a token signed by another',
      () => ({ token: handMadeJwt(claimsOf(account.accessToken), `not ${SECRET}`) }),
      'UNAUTHORIZED',
    ],
    [
      'an unsigned token',
      () => ({ token: handMadeJwt(claimsOf(account.accessToken), '', { alg: 'none' }) }),
      'UNAUTHORIZED',
    ],
    [
      'an expired token',
      () => ({ token: handMadeJwt({ ...claimsOf(account.accessToken), exp: 1_700_000_000 }, SECRET) }),
      'TOKEN_EXPIRED',
    ],
  ])('does not get in with %s', async (_what, auth, code) => {
    const stranger = AssistantClient.dial(app.url, auth());
    const error = await stranger.untilEvent('connect_error');
    expect(error.data).toMatchObject({ code, message: expect.any(String), requestId: expect.any(String) });
    stranger.close();
  });

  it('is put out when it logs out elsewhere', async () => {
    const leaving = await register(app.url);
    const open = await AssistantClient.connect(app.url, leaving);
    await fetch(`${app.url}/auth/logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: leaving.refreshToken }),
    });
    expect(await open.untilEvent('error')).toMatchObject({ code: 'UNAUTHORIZED' });
    await open.untilEvent('disconnect');
    const again = AssistantClient.dial(app.url, { token: leaving.accessToken });
    expect((await again.untilEvent('connect_error')).data.code).toBe('UNAUTHORIZED');
    again.close();
  });
});
