import { sql } from 'kysely';
import { newRowId } from '../../src/common/ids.js';
import type { Database } from '../../src/storage/database/database.js';
import { DataFolder } from '../../src/storage/database/data-folder.js';
import { AssistantClient, type Account, type Payload, register } from '../support/assistant-client.js';
import { rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { openMemoryDatabase } from '../support/test-database.js';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MESSAGES = 10_000;

/** One branch of alternating messages, written by one statement. */
async function writeConversation(database: Database, userId: string): Promise<string> {
  const id = newRowId();
  const ids = JSON.stringify(Array.from({ length: MESSAGES }, () => newRowId()));
  await database.run((db) =>
    db.transaction().execute(async (trx) => {
      await sql`
        insert into conversations (id, user_id, title, active_leaf_id, active_depth)
        values (${id}, ${userId}::uuid, 'A long one', (${ids}::jsonb ->> -1)::uuid, ${MESSAGES})
      `.execute(trx);
      await sql`
        with place as (
          select id::uuid, depth::integer from jsonb_array_elements_text(${ids}::jsonb) with ordinality as place (id, depth)
        )
        insert into messages (id, conversation_id, parent_id, depth, role, content, status, user_id)
        select id, ${id}, lag(id) over (order by depth), depth,
               case depth % 2 when 1 then 'user' else 'assistant' end, 'message no. ' || depth, 'complete', ${userId}::uuid
        from place
      `.execute(trx);
    }),
  );
  return id;
}

describe('A conversation of 10,000 messages', () => {
  let database: Database;
  let app: TestApp;
  let account: Account;
  let id: string;
  let client: AssistantClient;

  const get = (path: string) => rest(app.url, ['GET', path], { credential: account.accessToken });
  const raw = (path: string) =>
    fetch(app.url + path, { headers: { authorization: `Bearer ${account.accessToken}` } }).then((body) => body.text());

  beforeAll(async () => {
    database = await openMemoryDatabase();
    const folder = new DataFolder(mkdtempSync(join(tmpdir(), 'talksy-long-')));
    app = await startTalksy({}, { storage: { folder, database: Promise.resolve(database) } } as never);
    account = await register(app.url);
    const me = await get('/auth/me');
    id = await writeConversation(database, me.body.data.id);
    client = await AssistantClient.connect(app.url, account);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await app.close();
  });

  it('opens with its newest messages, and turns back page by page', async () => {
    const newest = await get(`/api/conversations/${id}?limit=50`);
    expect(newest.body).toMatchObject({ messageCount: MESSAGES, title: 'A long one' });
    expect(newest.body.messages).toHaveLength(50);
    expect(newest.body.messages.at(-1).content).toBe(`message no. ${MESSAGES}`);
    const [, next] = /^<(.+)>; rel="next"$/.exec(newest.headers.get('link')!)!;
    const before = await get(next!);
    expect(before.body.messages.at(-1).content).toBe(`message no. ${MESSAGES - 50}`);
    expect(JSON.stringify((await get('/api/conversations')).body).length).toBeLessThan(1000);
    expect((await get('/api/conversations?q=9999')).body).toMatchObject([{ id }]);
  });

  it('goes on, is forked at its end and branched at its beginning', async () => {
    const { text } = await client.stream('exactly: one more', { conversationId: id });
    expect(text).toBe('one more');
    const fork = (await client.ask('fork_conversation', { conversationId: id })).data;
    expect(fork.messageCount).toBe(MESSAGES + 2);
    const [first] = (await raw(`/api/conversations/${id}/export`)).match(/"id":"[^"]+","conversationId"/g)!;
    const root = first!.slice(6, 42);
    const edited = await client.stream('exactly: anew', { conversationId: id, parentId: null });
    expect((await get(`/api/conversations/${id}`)).body.messageCount).toBe(2);
    const back = (await client.ask('switch_branch', { messageId: root })).data;
    expect(back.messageCount).toBe(MESSAGES + 2);
    expect(back.history.at(-1).content).toBe('one more');
    expect(edited.text).toBe('anew');
  });

  it('leaves as a document, and for good', async () => {
    const document = JSON.parse(await raw(`/api/conversations/${id}/export`)) as Payload;
    expect(document.messages).toHaveLength(MESSAGES + 4);
    const markdown = await raw(`/api/conversations/${id}/export?format=markdown`);
    expect(markdown.match(/^## /gm)).toHaveLength(MESSAGES + 2);
    const credential = account.accessToken;
    expect(await rest(app.url, ['DELETE', `/api/conversations/${id}`], { credential })).toMatchObject({ status: 200 });
    expect((await get(`/api/conversations/${id}`)).status).toBe(404);
  });
});
