import type { AssistantClient } from './assistant-client.js';
import { eventsOf } from './event-frames.js';
import type { TestApp } from './talksy-app.js';

export type CallNode = (
  node: TestApp,
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Response>;

type WithSocket = <T>(node: TestApp, work: (client: AssistantClient) => Promise<T>) => Promise<T>;

/** Where a client stands in an answer, in the words of whichever family it came from. */
export interface Place {
  conversationId: string;
  runId: string;
  text: string;
  /** Of the last chunk, -1 before the first; the same in all families. */
  index: number;
  isWhole: boolean;
}

interface Question {
  conversationId: string;
  text: string;
}

/** A way to begin an answer, where it has one, and to go on with one that came by another way; `enough` chunks, then it is cut. */
export interface ResumableDoor {
  start?(node: TestApp, question: Question, enough: number): Promise<Place>;
  goOn(node: TestApp, place: Place, enough: number): Promise<Place>;
}

/** `created`, `in_progress`, `output_item.added` and `content_part.added` come before the first chunk of a text. */
const EVENTS_BEFORE_TEXT = 4;

/** The families that a cut answer is gone on with through, each with its own cursor. */
export function resumableDoors(call: CallNode, withSocket: WithSocket): Record<string, ResumableDoor> {
  const throughSocket = (node: TestApp, ask: (client: AssistantClient) => Promise<Place>, enough: number) =>
    withSocket(node, async (client) => {
      const place = await ask(client);
      const { runId } = place;
      await client.until(
        (event, payload) =>
          payload?.runId === runId &&
          (event === 'stream_end' || (event === 'stream_chunk' && payload.index >= place.index + enough)),
      );
      const chunks = client.of('stream_chunk', runId);
      expect(chunks.map(({ index }) => index)).toEqual(chunks.map((_, at) => place.index + 1 + at));
      const text = place.text + chunks.map(({ content }) => content).join('');
      return { ...place, text, index: place.index + chunks.length, isWhole: client.of('stream_end', runId).length > 0 };
    });
  const seqOf = (node: TestApp, { runId, index }: Place) =>
    withSocket(node, async (client) => {
      const { data } = await client.ask('resume_stream', { runId, afterIndex: index });
      return (data.fromSeq as number) - 1;
    });
  return {
    'the assistant protocol': {
      start: (node, question, enough) =>
        throughSocket(
          node,
          async (client) => {
            const { runId } = (await client.ask('user_message_stream', question)).data;
            return { conversationId: question.conversationId, runId, text: '', index: -1, isWhole: false };
          },
          enough,
        ),
      goOn: (node, place, enough) =>
        throughSocket(
          node,
          async (client) => {
            await client.ask('resume_stream', { runId: place.runId, afterIndex: place.index });
            return place;
          },
          enough,
        ),
    },
    'server-sent events': {
      start: async (node, { conversationId, text: content }, enough) => {
        const response = await call(node, 'POST', `/api/editorChat/stream/${conversationId}`, { content });
        return throughProjectChat(response, { conversationId, runId: '', text: '', index: -1, isWhole: false }, enough);
      },
      goOn: async (node, place, enough) => {
        const last = { 'last-event-id': `${place.runId}:${await seqOf(node, place)}` };
        const path = `/api/editorChat/stream/${place.conversationId}`;
        return throughProjectChat(await call(node, 'GET', path, undefined, last), place, enough);
      },
    },
    'the Responses API': {
      start: async (node, { conversationId, text: input }, enough) => {
        const body = { conversation: conversationId, input, stream: true };
        const response = await call(node, 'POST', '/v1/responses', body);
        return throughResponses(response, { conversationId, runId: '', text: '', index: -1, isWhole: false }, enough);
      },
      goOn: async (node, place, enough) => {
        const after = place.index < 0 ? -1 : EVENTS_BEFORE_TEXT + place.index;
        const path = `/v1/responses/resp_${place.runId.replaceAll('-', '')}?stream=true&starting_after=${after}`;
        return throughResponses(await call(node, 'GET', path), place, enough);
      },
    },
    "the AI SDK's UI": {
      goOn: async (node, place, enough) => {
        const response = await call(node, 'GET', `/api/ui/chat/${place.conversationId}/stream`);
        // Nothing is being written any more: the page would ask for the messages, and here another door is tried.
        if (response.status === 204) return place;
        let [text, index, isWhole] = ['', -1, false];
        for await (const { data } of eventsOf(response)) {
          if (data === '[DONE]') isWhole = true;
          const { type, delta } = data === '[DONE]' ? ({} as Frame) : (JSON.parse(data) as Frame);
          if (type === 'text-delta') [text, index] = [text + delta, index + 1];
          if (index >= place.index + enough) break;
        }
        return { ...place, text, index, isWhole };
      },
    },
  };
}

interface Frame {
  type?: string;
  content?: string;
  delta?: string;
  response?: { id: string };
}

async function throughProjectChat(response: Response, place: Place, enough: number): Promise<Place> {
  let { runId, text, index, isWhole } = place;
  for await (const { id, data } of eventsOf(response)) {
    runId = id?.split(':')[0] ?? runId;
    if (data === '[DONE]') isWhole = true;
    const { type, content } = data === '[DONE]' ? ({} as Frame) : (JSON.parse(data) as Frame);
    if (type === 'content') [text, index] = [text + content, index + 1];
    if (index >= place.index + enough) break;
  }
  return { ...place, runId, text, index, isWhole: isWhole || response.status === 204 };
}

async function throughResponses(response: Response, place: Place, enough: number): Promise<Place> {
  let { runId, text, index, isWhole } = place;
  for await (const { data } of eventsOf(response)) {
    if (data === '[DONE]') isWhole = true;
    const { type, delta, response: whole } = data === '[DONE]' ? ({} as Frame) : (JSON.parse(data) as Frame);
    if (type === 'response.created') runId = dashed(whole!.id);
    if (type === 'response.output_text.delta') [text, index] = [text + delta, index + 1];
    if (index >= place.index + enough) break;
  }
  return { ...place, runId, text, index, isWhole: isWhole || response.status === 204 };
}

const dashed = (id: string): string => id.replace(/^resp_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
