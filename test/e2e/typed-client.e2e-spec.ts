import { ClientError, type HistoryMessage, TalksyClient, type ToolStep } from '../../src/client/talksy-client.js';
import { FaultProxy } from '../../src/verify/fault-proxy.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';
import { within } from '../support/within.js';

const PASSWORD = 'correct horse battery';
const CUTS = 4;
const TOKENS = 400;

/** The last cut may fall behind the last chunk: then the connection is still on its way back. */
async function historyOf(talksy: TalksyClient): Promise<HistoryMessage[]> {
  for (;;) {
    try {
      return await talksy.history();
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'DISCONNECTED')) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('The typed client', () => {
  let app: TestApp;
  let proxy: FaultProxy;
  let accounts = 0;
  const open: TalksyClient[] = [];
  const person = () => ({ email: `typed-${++accounts}@example.com`, password: PASSWORD });

  const client = async (more: object = {}): Promise<TalksyClient> => {
    const made = await TalksyClient.register(proxy.urlOf(app.url), { signIn: person(), ...more });
    open.push(made);
    return made;
  };

  beforeAll(async () => {
    app = await startTalksy({ AI_MOCK_TOKENS: String(TOKENS), AI_MOCK_TOKEN_DELAY_MS: '5' });
    proxy = await FaultProxy.start(Number(new URL(app.url).port));
  });
  afterEach(() => open.splice(0).forEach((one) => one.close()));
  afterAll(async () => {
    await proxy.close();
    await app.close();
  });

  it('gives an answer whole that is cut at random points', async () => {
    const ups: boolean[] = [];
    const talksy = await client({ onConnection: (isUp: boolean) => ups.push(isUp) });
    const cutsAt = Array.from({ length: CUTS }, (_, n) => Math.floor((TOKENS / CUTS) * (n + Math.random())));
    let pieces = 0;
    let text = '';
    const answer = talksy.stream('tell me a lot');
    for await (const piece of answer) {
      text += piece;
      pieces = text.split(' ').length;
      while (cutsAt.length > 0 && pieces > cutsAt[0]!) {
        cutsAt.shift();
        proxy.reset();
      }
    }
    expect((await answer.end).finishReason).toBe('stop');
    expect(ups).toContain(false);
    const [question, stored] = await historyOf(talksy);
    expect(question!.content).toBe('tell me a lot');
    expect(text).toBe(stored!.content);
    expect(answer.text).toBe(text);
  }, 60_000);

  it('stops an answer by its signal, and keeps what was written', async () => {
    const talksy = await client();
    const asked = new AbortController();
    const answer = talksy.stream('tell me a lot', { signal: asked.signal });
    for await (const piece of answer) if (piece) asked.abort();
    expect((await answer.end).finishReason).toBe('cancelled');
    expect((await talksy.history())[1]!.content).toBe(answer.text);
  });

  it('stops an answer whose loop is left, and is free for the next', async () => {
    const talksy = await client();
    const left = talksy.stream('tell me a lot');
    for await (const piece of left) if (piece) break;
    expect((await left.end).finishReason).toBe('cancelled');
    const steps: ToolStep[] = [];
    let text = '';
    for await (const piece of talksy.stream('what is 17*23?', { onTool: (step) => void steps.push(step) }))
      text += piece;
    expect(text).toContain('391');
    expect(steps.map(({ kind }) => kind)).toEqual(['call', 'returned']);
  });

  it('stops before the server knows the message, while the connection is cut', async () => {
    const talksy = await client();
    const asked = new AbortController();
    proxy.reset();
    const answer = talksy.stream('tell me a lot', { signal: asked.signal });
    asked.abort();
    expect((await answer.end).finishReason).toBe('cancelled');
  });

  it('takes one message at a time, and lets the first go on', async () => {
    const talksy = await client();
    const first = talksy.stream('tell me a lot');
    await expect(talksy.stream('and this').end).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    expect((await first.end).finishReason).toBe('stop');
  });

  it('says who is refused and what cannot be reached', async () => {
    const url = proxy.urlOf(app.url);
    const nobody = TalksyClient.connect(url, { signIn: { email: 'nobody@example.com', password: PASSWORD } });
    await expect(nobody).rejects.toMatchObject({ name: 'ClientError', code: 'UNAUTHORIZED' });
    const gone = TalksyClient.connect('http://127.0.0.1:1', { signIn: person() });
    await expect(gone).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const talksy = await client();
    const late = AbortSignal.abort();
    expect(() => talksy.stream('hello', { signal: late })).toThrow();
  });

  it('moves between conversations and branches, and follows what another one asked for', async () => {
    const frames: string[] = [];
    const signIn = person();
    let cameBack = (): void => undefined;
    const restored = new Promise<void>((resolve) => (cameBack = resolve));
    const talksy = await TalksyClient.register(proxy.urlOf(app.url), {
      signIn,
      onFrame: (event) => {
        frames.push(event);
        if (event === 'SESSION_RESTORED') cameBack();
      },
    });
    const other = await TalksyClient.connect(app.url, { signIn });
    open.push(talksy, other);
    await talksy.stream('exactly: one').end;
    const conversationId = talksy.conversationId!;
    const [question, answer] = await talksy.history();
    await talksy.regenerate(answer!.id).end;
    const { history } = await talksy.switchBranch(answer!.id);
    expect(history[1]).toMatchObject({ id: answer!.id, branchIndex: 0, siblingIds: [answer!.id, expect.any(String)] });
    const forked = await talksy.fork({ messageId: question!.id });
    talksy.enter(forked.conversationId);
    expect((await talksy.history()).map(({ content }) => content)).toEqual(['exactly: one']);
    expect(await talksy.call<{ id: string }[]>('GET', '/api/conversations')).toMatchObject([
      { id: forked.conversationId },
      { id: conversationId },
    ]);
    await expect(talksy.call('GET', '/api/conversations/none')).rejects.toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    });
    talksy.enter();
    const asked = talksy.stream({
      text: 'Tell me more.',
      attachments: [{ type: 'file', name: 'a.txt', content: 'x' }],
    });
    for await (const piece of asked) if (piece) break;
    const running = (await talksy.history()).at(-1)!;
    const seen = other.follow(running.runId!);
    talksy.cut();
    expect((await seen.end).finishReason).toBe((await asked.end).finishReason);
    expect(seen.text).toBe(asked.text);
    await within('the session coming back after the cut', restored);
    expect(frames).toEqual(expect.arrayContaining(['SESSION_CREATED', 'stream_chunk', 'SESSION_RESTORED']));
  });

  it('has a message answered once more that has to wait, and misses nothing of a short answer', async () => {
    const signIn = person();
    const talksy = await TalksyClient.register(app.url, { signIn });
    const other = await TalksyClient.connect(app.url, { signIn });
    open.push(talksy, other);
    for (let round = 0; round < 10; round++) {
      talksy.enter();
      await talksy.stream('exactly: one').end;
      const [, answer] = await talksy.history();
      if (round % 2) {
        other.enter(talksy.conversationId);
        void other.stream('exactly: something that comes first').end;
      }
      const again = talksy.regenerate(answer!.id);
      expect((await again.end).finishReason).toBe('stop');
      expect(again.text).toBe('one');
    }
  });
});
