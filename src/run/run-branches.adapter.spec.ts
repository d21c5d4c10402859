import { newRowId } from '../common/ids.js';
import type { ConversationRole } from '../conversation/conversation.js';
import type { Database } from '../storage/database/database.js';
import { RunNode } from '../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../test/support/test-database.js';
import type { RunRecord } from './run-event.js';

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    ({ code }: { code: string }) => code,
  );

describe('Branches and shared conversations', () => {
  let database: Database;
  let node: RunNode;
  let userId: string;
  let conversationId: string;

  const share = async (role: ConversationRole, id = conversationId): Promise<string> => {
    const member = await insertUser(database);
    const row = { conversation_id: id, user_id: member, role };
    await database.run((db) => db.insertInto('conversation_members').values(row).execute());
    return member;
  };
  const send = async (text: string, by = userId) => {
    const conversation = { id: conversationId, createIfMissing: true };
    return (await node.starter.start({ userId: by, text, conversation })).run;
  };
  /** One whole turn; its run. */
  const turn = async (question: string, answer: string) => {
    const run = await send(question);
    node.model.say(answer);
    node.model.finish();
    await node.records(run.id, userId);
    return run;
  };
  const path = async (id = conversationId, by = userId) => {
    const { conversation } = await node.access.require(id, by);
    return (await node.conversations.history(conversation.id, { limit: 100 })).map(({ content }) => content);
  };

  beforeAll(async () => void (database = await openMemoryDatabase()));
  beforeEach(async () => {
    node = new RunNode(database);
    [userId, conversationId] = [await insertUser(database), newRowId()];
  });
  afterEach(() => node.close());
  afterAll(() => database.close());

  it('lets an answer be written anew, from what the first one was shown', async () => {
    await turn('q1', 'a1');
    const second = await turn('q2', 'a2');
    const { run } = await node.regenerator.regenerate({ userId, messageId: second.messageId! });
    node.model.say('another');
    node.model.finish();
    await node.records(run.id, userId);
    expect(node.model.requests.at(-1)!.messages).toEqual(node.model.requests.at(-2)!.messages);
    expect(await path()).toEqual(['q1', 'a1', 'q2', 'another']);
    await node.branches.switchTo({ userId, messageId: second.messageId! });
    expect(await path()).toEqual(['q1', 'a1', 'q2', 'a2']);
  });

  it('forks a conversation at a seq while its answer is being written', async () => {
    await turn('q1', 'a1');
    const { id: runId } = await send('q2');
    node.model.say('so ');
    await node.untilText(runId, userId, 'so ');
    node.model.say('far');
    await node.untilText(runId, userId, 'so far');
    const records: RunRecord[] = [];
    for await (const batch of (await node.reader.open(runId, userId)).follow(-1, new AbortController().signal)) {
      records.push(...batch);
      if (records.some((record) => record.type === 'text.delta' && record.data.offset > 0)) break;
    }
    const { seq } = records.find(({ type }) => type === 'text.delta')!;
    const [cut, now] = [
      await node.forks.fork({ userId, runId, seq }),
      await node.forks.fork({ userId, conversationId }),
    ];
    node.model.say(' and on');
    node.model.finish();
    const end = (await node.records(runId, userId)).at(-1)!;
    expect(await path(cut.id)).toEqual(['q1', 'a1', 'q2', 'so ']);
    expect(await path(now.id)).toEqual(['q1', 'a1', 'q2', 'so far']);
    expect(await path()).toEqual(['q1', 'a1', 'q2', 'so far and on']);
    const whole = await node.forks.fork({ userId, runId, seq: end.seq });
    expect(await node.conversations.history(whole.id, { limit: 1 })).toMatchObject([
      { content: 'so far and on', status: 'complete' },
    ]);
    const question = await node.forks.fork({
      userId,
      messageId: (await node.reader.requireRun(runId, userId)).userMessageId!,
      seq: 0,
    });
    expect(await path(question.id)).toEqual(['q1', 'a1', 'q2']);
  });

  it('lets members follow an answer, editors write and stop it, and viewers neither', async () => {
    const { id: runId, messageId, userMessageId } = await send('q1');
    node.model.say('shared');
    await node.untilText(runId, userId, 'shared');
    const [editor, viewer] = [await share('editor'), await share('viewer')];
    for (const member of [editor, viewer]) await node.untilText(runId, member, 'shared');
    const text = 'mine';
    const conversation = { id: conversationId, createIfMissing: false };
    expect(await codeOf(node.stopper.stop(runId, viewer))).toBe('FORBIDDEN');
    expect(await codeOf(node.starter.start({ userId: viewer, text, conversation }))).toBe('FORBIDDEN');
    expect(await codeOf(node.regenerator.regenerate({ userId: viewer, messageId: messageId! }))).toBe('FORBIDDEN');
    expect(await codeOf(node.branches.switchTo({ userId: viewer, messageId: userMessageId! }))).toBe('FORBIDDEN');
    expect(await node.stopper.stop(runId, editor)).toMatchObject({ status: 'cancelled' });
    const { run } = await node.starter.start({ userId: editor, text, conversation });
    expect(run).toMatchObject({ userId: editor, conversationId });
    node.model.finish();
    expect((await node.records(run.id, userId)).at(-1)!.type).toBe('run.completed');
    const copy = await node.forks.fork({ userId: viewer, conversationId });
    expect(copy).toMatchObject({ userId: viewer, forkedFrom: conversationId });
    expect(await node.access.find(copy.id, userId)).toBeUndefined();
  });

  it("tells nobody whether somebody else's things exist", async () => {
    const { id: runId, messageId } = await turn('q1', 'a1');
    const stranger = await insertUser(database);
    const pairs: [string, (id: { run: string; message: string; conversation: string }) => Promise<unknown>][] = [
      ['RUN_NOT_FOUND', ({ run }) => node.reader.open(run, stranger)],
      ['RUN_NOT_FOUND', ({ run }) => node.stopper.stop(run, stranger)],
      ['RUN_NOT_FOUND', ({ run }) => node.forks.fork({ userId: stranger, runId: run })],
      ['NOT_FOUND', ({ message }) => node.forks.fork({ userId: stranger, messageId: message })],
      ['NOT_FOUND', ({ message }) => node.regenerator.regenerate({ userId: stranger, messageId: message })],
      ['NOT_FOUND', ({ message }) => node.branches.switchTo({ userId: stranger, messageId: message })],
      [
        'CONVERSATION_NOT_FOUND',
        ({ conversation }) => node.forks.fork({ userId: stranger, conversationId: conversation }),
      ],
      [
        'CONVERSATION_NOT_FOUND',
        ({ conversation, message }) =>
          node.branches.switchTo({ userId: stranger, conversationId: conversation, messageId: message }),
      ],
    ];
    for (const [code, attempt] of pairs) {
      expect(await codeOf(attempt({ run: runId, message: messageId!, conversation: conversationId }))).toBe(code);
      expect(await codeOf(attempt({ run: newRowId(), message: newRowId(), conversation: newRowId() }))).toBe(code);
    }
    const elsewhere = {
      userId,
      messageId: messageId!,
      conversationId: (await node.forks.fork({ userId, conversationId })).id,
    };
    expect(await codeOf(node.branches.switchTo(elsewhere))).toBe('NOT_FOUND');
    const request = {
      userId,
      text: 'q',
      conversation: { id: conversationId, createIfMissing: false },
      parentId: 'none',
    };
    expect(await codeOf(node.starter.start(request))).toBe('NOT_FOUND');
  });
});
