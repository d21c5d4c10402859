import { createHash } from 'node:crypto';
import { type Account, AssistantClient, register } from '../support/assistant-client.js';
import { eventsOf } from '../support/event-frames.js';
import { NODES_ENV, SharedDatabase } from '../support/shared-database.js';
import { type CallNode, resumableDoors } from '../support/resumable-doors.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { newKeyPrefix, testRedisEnv } from '../support/test-redis.js';

/** After so many pieces the connection is cut. */
const CUTS = [1, 2, 3, 5, 8, 13, 21];

const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)]!;

const SCRIPT = [
  'exactly: Erste Antwort: 東京 😀 "quoted" \\ and whole.',
  'exactly: second\nwith a line',
  'What is 6*7?',
];

/** Every client family has its way in and out; what comes in, and what is stored, is the same. */
describe('One conversation', () => {
  let database: SharedDatabase;
  let nodes: TestApp[];
  let account: Account;
  let conversations = 0;

  const call: CallNode = (node, method, path, body, headers = {}) =>
    fetch(`${node.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${account.accessToken}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  const withSocket = async <T>(node: TestApp, work: (client: AssistantClient) => Promise<T>): Promise<T> => {
    const client = await AssistantClient.connect(node.url, account);
    return work(client).finally(() => client.close());
  };
  const dataOf = async (response: Response): Promise<Record<string, unknown>[]> => {
    const datas = [];
    for await (const { data } of eventsOf(response)) if (data !== '[DONE]') datas.push(JSON.parse(data));
    return datas;
  };
  const joined = (datas: Record<string, unknown>[], type: string, field: string) =>
    datas.map((data) => (data['type'] === type ? data[field] : '')).join('');

  /** Sends one message; the answer as it was delivered. */
  const DOORS: Record<string, (conversationId: string, text: string) => Promise<string>> = {
    'the assistant protocol': (conversationId, text) =>
      withSocket(nodes[0]!, async (client) => (await client.stream(text, { conversationId })).text),
    'the room protocol': (conversationId, message) =>
      withSocket(nodes[1]!, async (client) => {
        const { messageId } = (await client.ask('stream_chat', { conversationId, message })).data;
        await client.until((event, payload) => event === 'stream_complete' && payload.messageId === messageId);
        return client.of('stream_chunk').at(-1).content;
      }),
    REST: async (conversationId, message) => {
      const response = await call(nodes[0]!, 'POST', '/api/chat', { conversationId, message });
      return ((await response.json()) as { message: { content: string } }).message.content;
    },
    'server-sent events': async (conversationId, content) => {
      const response = await call(nodes[1]!, 'POST', `/api/editorChat/stream/${conversationId}`, { content });
      return joined(await dataOf(response), 'content', 'content');
    },
    'the Responses API': async (conversation, input) => {
      const body = {
        model: 'mock',
        conversation,
        input,
        tools: [{ type: 'talksy', name: 'calculator' }],
        stream: true,
      };
      return joined(
        await dataOf(await call(nodes[1]!, 'POST', '/v1/responses', body)),
        'response.output_text.delta',
        'delta',
      );
    },
    tRPC: async (chatId, content) => {
      const response = await call(nodes[0]!, 'POST', '/trpc/editorChat.sendMessage', { chatId, content });
      return ((await response.json()) as { result: { data: { content: string } } }).result.data.content;
    },
    '/api/llm': async (conversationId, content) => {
      const response = await call(nodes[1]!, 'POST', `/api/llm/conversations/${conversationId}/messages`, { content });
      return ((await response.json()) as { content: string }).content;
    },
    "the AI SDK's UI": async (id, text) => {
      const message = {
        id: createHash('sha1')
          .update(id + text)
          .digest('hex'),
        role: 'user',
        parts: [{ type: 'text', text }],
      };
      const response = await call(nodes[0]!, 'POST', '/api/ui/chat', { id, messages: [message] });
      return joined(await dataOf(response), 'text-delta', 'delta');
    },
  };

  beforeAll(async () => {
    database = await SharedDatabase.open();
    const env = { ...NODES_ENV, ...(await testRedisEnv(newKeyPrefix())), AI_MOCK_TOKEN_DELAY_MS: '8' };
    nodes = [await startTalksy(env, database.parts()), await startTalksy(env, database.parts())];
    account = await register(nodes[0]!.url);
  }, 60_000);
  afterAll(async () => {
    for (const node of nodes) await node.close();
    await database.close();
  });

  /** A conversation under an id of the client's own choice, which every door takes. */
  const begin = async (): Promise<string> => {
    const conversationId = `door-${++conversations}`;
    await DOORS['the room protocol']!(conversationId, 'exactly: begun');
    return conversationId;
  };
  const stored = (conversationId: string) =>
    withSocket(nodes[1]!, async (client) => {
      const { data } = await client.ask('get_history', { conversationId });
      return (data as { role: string; content: string }[]).map(({ role, content }) => `${role}: ${content}`);
    });

  it('is the same through every door, in what is delivered and in what is stored', async () => {
    const stories: string[][] = [];
    for (const [door, say] of Object.entries(DOORS)) {
      const conversationId = await begin();
      const told: string[] = [];
      for (const text of SCRIPT) told.push(`user: ${text}`, `assistant: ${await say(conversationId, text)}`);
      const story = await stored(conversationId);
      expect({ door, told: story.slice(2) }).toEqual({ door, told });
      stories.push(story);
    }
    for (const story of stories) expect(story).toEqual(stories[0]);
  }, 60_000);

  it('says the same without a conversation', async () => {
    const messages = [{ role: 'user', content: SCRIPT[0] }];
    const response = await call(nodes[0]!, 'POST', '/v1/chat/completions', { model: 'mock', messages });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(`exactly: ${choices[0]!.message.content}`).toBe(SCRIPT[0]);
  });

  it('goes on through any other door, on any node, wherever it was cut', async () => {
    const long = Array.from({ length: 60 }, (_, i) => `word${i} 😀`).join(' ');
    const doors = resumableDoors(call, (node, work) => withSocket(node, work));
    const ways: string[] = [];
    for (let round = 0; round < 12; round++) {
      const conversationId = await begin();
      const node = () => pick(nodes);
      const first = pick(Object.keys(doors).filter((name) => doors[name]!.start));
      let place = await doors[first]!.start!(node(), { conversationId, text: `exactly: ${long}` }, pick(CUTS));
      const way = [first];
      while (!place.isWhole) {
        const next = pick(Object.keys(doors).filter((name) => name !== way.at(-1)));
        way.push(next);
        place = await doors[next]!.goOn(node(), place, pick(CUTS));
        expect({ way, text: place.text }).toEqual({ way, text: long.slice(0, place.text.length) });
      }
      expect({ way, text: place.text }).toEqual({ way, text: long });
      ways.push(way.join(' > '));
    }
    expect(ways.some((way) => way.split('>').length > 2)).toBe(true);
  }, 60_000);
});
