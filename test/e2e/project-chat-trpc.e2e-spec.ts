import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from '@trpc/client';
import type { EditorChatRouter } from '../../src/gateway/project-chat/trpc/editor-chat.router.js';
import { type Account, register } from '../support/assistant-client.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { rest } from '../support/rest.js';

describe('A project chat by tRPC', () => {
  let app: TestApp;
  let account: Account;
  let orgId: string;

  const clientOf = (credential: string, link: typeof httpLink | typeof httpBatchLink = httpBatchLink) =>
    createTRPCClient<EditorChatRouter>({
      links: [link({ url: `${app.url}/trpc`, headers: { authorization: `Bearer ${credential}` } })],
    }).editorChat;
  const chats = () => clientOf(account.accessToken);
  const failureOf = async (call: Promise<unknown>) => {
    const error: unknown = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TRPCClientError);
    return (error as TRPCClientError<EditorChatRouter>).data!;
  };
  const orgOf = async ({ accessToken: credential }: Account): Promise<string> =>
    (await rest(app.url, ['GET', '/auth/me'], { credential })).body.data.defaultOrgId;

  beforeAll(async () => {
    app = await startTalksy();
    account = await register(app.url);
    orgId = await orgOf(account);
  }, 60_000);
  afterAll(() => app.close());

  it('is made, found, renamed and deleted', async () => {
    const made = await chats().create.mutate({ orgId, title: 'First', model: 'gpt-4o', temperature: 0.5 });
    expect(made).toMatchObject({ title: 'First', model: 'gpt-4o', temperature: 0.5, orgId, role: 'owner' });
    expect(await chats().updateTitle.mutate({ chatId: made.id, title: 'Second' })).toMatchObject({ title: 'Second' });
    expect(await chats().get.query({ chatId: made.id })).toMatchObject({ title: 'Second', messages: [] });
    expect(await chats().delete.mutate({ chatId: made.id })).toEqual({ deleted: true });
    expect(await failureOf(chats().get.query({ chatId: made.id }))).toMatchObject({
      code: 'NOT_FOUND',
      httpStatus: 404,
      error: { code: 'CONVERSATION_NOT_FOUND', requestId: expect.any(String) },
    });
  });

  it('answers a message, as a whole or by the stream that it names', async () => {
    const { id: chatId } = await chats().create.mutate({ orgId });
    const whole = await chats().sendMessage.mutate({ chatId, content: 'exactly: grüß dich 東京' });
    expect(whole).toMatchObject({ role: 'assistant', content: 'grüß dich 東京', finishReason: 'stop' });
    const begun = await chats().sendMessage.mutate({ chatId, content: 'exactly: streamed', stream: true });
    expect(begun).toMatchObject({ runId: expect.any(String), stream: `/api/editorChat/stream/${chatId}` });
    const path = `${app.url}${(begun as { stream: string }).stream}`;
    const stream = await fetch(path, { headers: { authorization: `Bearer ${account.accessToken}` } });
    await stream.text();
    const { messages } = await chats().get.query({ chatId });
    expect(messages.map(({ content }) => content)).toEqual([
      'exactly: grüß dich 東京',
      'grüß dich 東京',
      'exactly: streamed',
      'streamed',
    ]);
  });

  it('is forked at a message, and an answer is written anew beside the old one', async () => {
    const { id: chatId } = await chats().create.mutate({ orgId });
    await chats().sendMessage.mutate({ chatId, content: 'exactly: one' });
    await chats().sendMessage.mutate({ chatId, content: 'exactly: two' });
    const { messages } = await chats().get.query({ chatId });
    const fork = await chats().fork.mutate({ chatId, messageId: messages[1]!.id });
    expect(fork.messages.map(({ content }) => content)).toEqual(['exactly: one', 'one']);
    const again = await chats().regenerate.mutate({ chatId, messageId: messages[3]!.id });
    expect(again).toMatchObject({ content: 'two', parentId: messages[2]!.id });
    expect(again.id).not.toBe(messages[3]!.id);
  });

  it('is listed by page, by status, and from a number on', async () => {
    const lister = await register(app.url);
    const own = { chats: clientOf(lister.accessToken), orgId: await orgOf(lister) };
    const titles = ['a', 'b', 'c', 'd', 'e'];
    for (const title of titles) await own.chats.create.mutate({ orgId: own.orgId, title });
    const newest = [...titles].reverse();
    const first = await own.chats.list.query({ orgId: own.orgId, limit: 2 });
    expect(first.chats.map(({ title }) => title)).toEqual(newest.slice(0, 2));
    const second = await own.chats.list.query({ orgId: own.orgId, cursor: first.nextCursor! });
    expect(second.chats.map(({ title }) => title)).toEqual(newest.slice(2));
    expect(second.nextCursor).toBeUndefined();
    const skipped = await own.chats.list.query({ orgId: own.orgId, skip: 3, limit: 1 });
    expect(skipped.chats.map(({ title }) => title)).toEqual(newest.slice(3, 4));
    expect(await own.chats.list.query({ orgId: own.orgId, skip: 9 })).toEqual({ chats: [] });
    expect(await own.chats.list.query({ orgId: own.orgId, status: 'archived' })).toEqual({ chats: [] });
  });

  it("looks as if it did not exist where it is somebody else's", async () => {
    const { id: chatId } = await chats().create.mutate({ orgId });
    const other = clientOf((await register(app.url)).accessToken);
    for (const call of [
      () => other.get.query({ chatId }),
      () => other.delete.mutate({ chatId }),
      () => other.updateTitle.mutate({ chatId, title: 'mine' }),
      () => other.sendMessage.mutate({ chatId, content: 'let me in' }),
      () => other.create.mutate({ orgId }),
    ]) {
      expect(await failureOf(call())).toMatchObject({ code: 'NOT_FOUND', httpStatus: 404 });
    }
    expect(await other.list.query({ orgId })).toEqual({ chats: [] });
    expect(await chats().get.query({ chatId })).toMatchObject({ title: '' });
  });

  it('tells in its own words and in those of tRPC what is wrong with a call', async () => {
    const bad = await failureOf(chats().create.mutate({ orgId, temperature: 3 }));
    expect(bad).toMatchObject({
      code: 'BAD_REQUEST',
      error: { code: 'VALIDATION_ERROR', details: [{ field: 'temperature', message: expect.any(String) }] },
    });
    expect(JSON.stringify(bad)).not.toContain('stack');
    const unknown = await failureOf(chats().create.mutate({ orgId, model: 'no-such-model' }));
    expect(unknown).toMatchObject({ code: 'BAD_REQUEST', error: { code: 'VALIDATION_ERROR' } });
    const { id: chatId } = await chats().create.mutate({ orgId });
    const video = [{ type: 'video', url: 'https://example.com/x.mp4' }];
    expect(
      await failureOf(chats().sendMessage.mutate({ chatId, content: 'see', attachments: video as never })),
    ).toMatchObject({ error: { details: [{ field: 'attachments.0.type' }] } });
    for (const link of [httpLink, httpBatchLink]) {
      expect(await failureOf(clientOf('garbage', link).get.query({ chatId: 'x' }))).toMatchObject({
        code: 'UNAUTHORIZED',
        httpStatus: 401,
        error: { code: 'UNAUTHORIZED' },
      });
    }
  });

  it('refuses a call of nothing, a wrong method and a batch without end, and answers on', async () => {
    const credential = account.accessToken;
    const call = async (method: string, path: string, body?: unknown) =>
      (await rest(app.url, [method, `/trpc/${path}`], { credential, ...(body !== undefined && { body }) })).status;
    expect((await fetch(`${app.url}/trpc/editorChat.list`)).headers.get('www-authenticate')).toBe('Bearer');
    expect(await call('GET', 'editorChat.nothing')).toBe(404);
    expect(await call('GET', 'editorChat.__proto__')).toBe(404);
    expect(await call('GET', 'editorChat.create')).toBe(405);
    expect(await call('PUT', 'editorChat.create', {})).toBe(405);
    expect(await call('POST', 'editorChat.create', '{"orgId":')).toBe(400);
    expect(await call('POST', 'editorChat.create', 'null')).toBe(400);
    expect(await call('GET', `${Array(21).fill('editorChat.list').join(',')}?batch=1&input={}`)).toBe(400);
    expect((await chats().list.query({ orgId })).chats.length).toBeGreaterThan(0);
  });
});
