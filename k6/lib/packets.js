/**
 * Packets of Engine.IO 4 and Socket.IO 5 (their protocol documents, revisions 4 and 5), as text frames of one websocket.
 * Pure, so that it runs in k6 and in Node alike.
 */

/**
 * @typedef {{type: 'open', handshake: {sid: string, pingInterval: number, pingTimeout: number}}
 *   | {type: 'ping'} | {type: 'close'} | {type: 'connected', sid: string}
 *   | {type: 'refused', error: {message: string, data?: unknown}} | {type: 'disconnected'}
 *   | {type: 'event', name: string, payload: any} | {type: 'ack', id: number, payload: any}
 *   | {type: 'other'}} Packet
 */

export const PONG = '3';

/** @param {object} auth @returns {string} the packet that joins the default namespace */
export const connectPacket = (auth) => `40${JSON.stringify(auth)}`;

/**
 * @param {string} name @param {unknown} payload @param {number} [ackId] asks for an ack under this number
 * @returns {string}
 */
export const eventPacket = (name, payload, ackId) => `42${ackId ?? ''}${JSON.stringify([name, payload])}`;

/** @param {string} frame one text frame @returns {Packet} */
export function decodePacket(frame) {
  if (frame[0] === '0') return { type: 'open', handshake: JSON.parse(frame.slice(1)) };
  if (frame[0] === '1') return { type: 'close' };
  if (frame[0] === '2') return { type: 'ping' };
  return frame[0] === '4' ? decodeMessage(frame.slice(1)) : { type: 'other' };
}

/** @param {string} message @returns {Packet} */
function decodeMessage(message) {
  const [, id = '', body = ''] = /^\d(\d*)(.*)$/s.exec(message) ?? [];
  switch (message[0]) {
    case '0':
      return { type: 'connected', sid: JSON.parse(body).sid };
    case '1':
      return { type: 'disconnected' };
    case '2': {
      const [name, payload] = JSON.parse(body);
      return { type: 'event', name, payload };
    }
    case '3':
      return { type: 'ack', id: Number(id), payload: JSON.parse(body)[0] };
    case '4':
      return { type: 'refused', error: JSON.parse(body) };
    default:
      return { type: 'other' };
  }
}
