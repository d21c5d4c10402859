import { APP_INFO } from '../../common/app-info.js';
import { dtoSchemas, type JsonSchema } from './dto-schemas.js';
import { SERVER_EVENTS } from './server-events.js';

/** An event that clients send, and the DTO of its payload. */
export interface ClientEvent {
  event: string;
  dto: string | undefined;
}

interface Message {
  name: string;
  summary?: string;
  payload: JsonSchema;
}

/** The socket protocol as an AsyncAPI 3 document: one channel, whose messages are the events. */
export function asyncApi(clientEvents: readonly ClientEvent[]): object {
  const schemas = dtoSchemas();
  const sent = clientEvents.map(({ event, dto }): [string, Message] => {
    const payload = (dto && schemas[dto]) || { type: 'object' };
    return [`client_${event}`, { name: event, payload }];
  });
  const received = Object.entries(SERVER_EVENTS).map(([event, { summary, payload }]): [string, Message] => {
    return [`server_${event}`, { name: event, summary, payload }];
  });
  const refs = (names: readonly [string, Message][]) =>
    names.map(([key]) => ({ $ref: `#/channels/socket/messages/${key}` }));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Talksy over Socket.IO',
      version: APP_INFO.version,
      description:
        'Socket.IO 4, default namespace. `auth` of the handshake is `{token}` or `{apiKey}`, with `sessionId` to go on with a session. ' +
        'Each event of a client takes an ack: `{ok: true, data}` or `{ok: false, error}`.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: { socket: { address: '/socket.io/', messages: Object.fromEntries([...sent, ...received]) } },
    operations: {
      take: {
        action: 'receive',
        channel: { $ref: '#/channels/socket' },
        summary: 'What clients send',
        messages: refs(sent),
      },
      send: {
        action: 'send',
        channel: { $ref: '#/channels/socket' },
        summary: 'What the server sends',
        messages: refs(received),
      },
    },
  };
}
