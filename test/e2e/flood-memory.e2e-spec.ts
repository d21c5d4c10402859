import { AssistantClient, register } from '../support/assistant-client.js';
import { COLLECTABLE, TalksyProcess, temporaryFolder } from '../support/talksy-process.js';

const MALFORMED = 10_000;
const OVERSIZED = 1000;
const AT_ONCE = 100;
/** Heap that a second flood of the same size may add to what the first one left: a leak of half a kB an event would show. */
const MOST_GROWTH_BYTES = 5_000_000;

const RUBBISH: readonly unknown[] = [
  {},
  null,
  'text',
  [1, 2, 3],
  { text: 7 },
  { text: '' },
  { text: 'hi', messageId: '' },
  { text: 'hi', attachments: [{}] },
  { text: '\0' },
  { text: 'hi', conversationId: { $gt: '' } },
];

/** A process of its own, whose memory is nobody else's. */
describe('Talksy, flooded with rubbish,', () => {
  let server: TalksyProcess;
  let client: AssistantClient;
  const folder = temporaryFolder();

  beforeAll(async () => {
    server = await TalksyProcess.start({ DATA_DIR: folder.path }, COLLECTABLE);
    client = await AssistantClient.connect(server.url!, await register(server.url!));
  }, 60_000);
  afterAll(async () => {
    client.close();
    await server.end('SIGKILL');
    folder.remove();
  });

  /** Sends so many, some at a time, and returns the codes that came back. */
  const send = async (count: number, payloadOf: (n: number) => unknown): Promise<Set<string>> => {
    const codes = new Set<string>();
    for (let sent = 0; sent < count; sent += AT_ONCE) {
      const wave = Array.from({ length: AT_ONCE }, (_, i) => client.ask('user_message', payloadOf(sent + i)));
      for (const { error } of await Promise.all(wave)) codes.add(error?.code ?? 'accepted');
      client.received.length = 0;
    }
    return codes;
  };
  const big = 'x'.repeat(70_000);
  const flood = async (): Promise<string[]> => {
    const malformed = await send(MALFORMED, (n) => RUBBISH[n % RUBBISH.length]);
    const oversized = await send(OVERSIZED, () => ({ text: big }));
    return [...malformed, ...oversized];
  };
  /** The least of some looks, each behind a collection: garbage does not count. */
  const heapBytes = async (): Promise<number> => {
    let least = Infinity;
    for (let look = 0; look < 10; look++) {
      server.collectGarbage();
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      least = Math.min(least, Number(/^nodejs_heap_size_used_bytes(?:{[^}]*})? (\S+)/m.exec(metrics)?.[1]));
    }
    return least;
  };

  it('refuses all of it, keeps the connection, and is as lean as before', async () => {
    expect(new Set(await flood())).toEqual(new Set(['VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE']));
    const before = await heapBytes();
    await flood();
    expect((await heapBytes()) - before).toBeLessThan(MOST_GROWTH_BYTES);
    expect((await client.stream('exactly: still here')).text).toBe('still here');
  }, 120_000);
});
