import { io } from 'socket.io-client';
import type { CheckedStream } from './checked-stream.js';
import type { StoredMessage } from './stream-verdict.js';

const LIMIT_MS = 15_000;
const RETRY_MS = 200;

/** What is stored of each stream's conversation, asked of the first node that answers. */
export async function historiesOf(
  streams: readonly CheckedStream[],
  urls: readonly string[],
): Promise<(readonly StoredMessage[])[]> {
  const histories: (readonly StoredMessage[])[] = [];
  for (const stream of streams) histories.push(await historyOf(stream, urls));
  return histories;
}

/** An outcome that the database could not take is written when it is back: so it may take a moment to be there. */
async function historyOf(stream: CheckedStream, urls: readonly string[]): Promise<readonly StoredMessage[]> {
  if (!stream.conversationId) return [];
  const giveUpAt = performance.now() + LIMIT_MS;
  let messages: readonly StoredMessage[] = [];
  for (let i = 0; performance.now() < giveUpAt; i++) {
    messages = await ask(stream, urls[i % urls.length]!).catch(() => messages);
    if (messages.some(({ role, content }) => role === 'assistant' && content === stream.text)) break;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return messages;
}

async function ask({ plan, conversationId }: CheckedStream, url: string): Promise<readonly StoredMessage[]> {
  const socket = io(url, {
    auth: { token: plan.token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  try {
    const ack = (await socket.timeout(3000).emitWithAck('get_history', { conversationId })) as {
      ok: boolean;
      data: StoredMessage[];
    };
    return ack.ok ? ack.data : [];
  } finally {
    socket.disconnect();
  }
}
