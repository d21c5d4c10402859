import { newRowId } from '../../common/ids.js';
import type { Database } from '../../storage/database/database.js';
import { RunNode } from '../../../test/support/run-node.js';
import { insertUser, openMemoryDatabase } from '../../../test/support/test-database.js';

const LONG = 'word '.repeat(300);
const SUMMARIES = { AI_CONTEXT_SUMMARY: 'true', AI_CONTEXT_TOKENS: '800' };

describe('With summaries of what no longer fits, Talksy', () => {
  let database: Database;
  let userId: string;
  let node: RunNode;

  beforeAll(async () => {
    database = await openMemoryDatabase();
    userId = await insertUser(database);
  }, 60_000);
  afterEach(() => node.close());
  afterAll(() => database.close());

  /** One turn in which the model says these things, one for each time that it is asked. */
  async function turn(conversationId: string, question: string, ...answers: (string | Error)[]) {
    for (const answer of answers) {
      if (answer instanceof Error) node.model.fail(answer);
      else {
        node.model.say(answer);
        node.model.finish();
      }
    }
    const before = node.model.requests.length;
    const records = await node.records(await node.start(userId, question, conversationId), userId);
    return { requests: node.model.requests.slice(before), records };
  }

  const contents = (request: { messages: readonly { content: string }[] }) =>
    request.messages.map(({ content }) => content.slice(0, 20));

  it('asks for one when messages fall out, shows it, keeps it, and counts what it cost', async () => {
    node = new RunNode(database, { env: SUMMARIES });
    const conversationId = newRowId();
    await turn(conversationId, `old ${LONG}`, 'yes');
    const { requests, records } = await turn(conversationId, `recent ${LONG}`, 'they spoke of old words', 'ok');
    expect(requests).toHaveLength(2);
    expect(contents(requests[0]!)).toEqual([
      expect.stringContaining('You summarize'),
      expect.stringContaining('old word'),
      'yes',
      expect.stringContaining('Summarize all'),
    ]);
    expect(requests[1]!.messages[1]).toEqual({
      role: 'system',
      content: expect.stringMatching(/^Summary of the beginning.*\nthey spoke of old words$/),
    });
    expect(records.at(-1)).toMatchObject({ type: 'run.completed', data: { usage: { totalTokens: 16 } } });

    const next = await turn(conversationId, 'short', 'fine');
    expect(next.requests).toHaveLength(1);
    expect(next.requests[0]!.messages[1]!.content).toContain('they spoke of old words');
  });

  it('writes it anew when more has fallen out', async () => {
    node = new RunNode(database, { env: SUMMARIES });
    const conversationId = newRowId();
    await turn(conversationId, `one ${LONG}`, 'a');
    await turn(conversationId, `two ${LONG}`, 'first summary', 'b');
    await turn(conversationId, `three ${LONG}`, 'c');
    await turn(conversationId, `four ${LONG}`, 'd');
    const { requests } = await turn(conversationId, `five ${LONG}`, 'second summary', 'e');
    expect(requests[0]!.messages[0]!.content).toContain('first summary');
    expect(requests[1]!.messages[1]!.content).toContain('second summary');
  });

  it('answers without one that cannot be written', async () => {
    node = new RunNode(database, { env: SUMMARIES });
    const conversationId = newRowId();
    await turn(conversationId, `old ${LONG}`, 'yes');
    const { records } = await turn(conversationId, `recent ${LONG}`, new Error('no'), 'ok');
    expect(records.at(-1)).toMatchObject({ type: 'run.completed' });
    const silent = await turn(conversationId, `newest ${LONG}`, ' ', 'ok');
    expect(silent.records.at(-1)).toMatchObject({ type: 'run.completed' });
  });

  it('asks for none where everything fits, nor where nobody wants any', async () => {
    node = new RunNode(database, { env: { AI_CONTEXT_TOKENS: '800' } });
    const conversationId = newRowId();
    await turn(conversationId, `old ${LONG}`, 'yes');
    const { requests } = await turn(conversationId, `recent ${LONG}`, 'ok');
    expect(requests).toHaveLength(1);
    await node.close();
    node = new RunNode(database, { env: SUMMARIES });
    expect((await turn(newRowId(), 'short', 'ok')).requests).toHaveLength(1);
  });
});
