import { WebSocket } from 'k6/websockets';
import { BASE_URL } from './target.js';
import { connectPacket, decodePacket, eventPacket, PONG } from './packets.js';

/** A connection to the server by the protocol of family A, over one websocket. */
export class TalksySocket {
  /** @param {object} auth `{token}` or `{apiKey}` */
  constructor(auth) {
    this.auth = auth;
    this.nextAck = 0;
    /** @type {Map<number, (payload: any) => void>} */
    this.acks = new Map();
    /** @type {Record<string, (payload: any) => void>} */
    this.handlers = {};
    this.socket = new WebSocket(`${BASE_URL.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`);
    this.socket.onmessage = (event) => this.receive(String(event?.data));
    this.socket.onerror = (event) => this.handle('connect_error', { message: String(event?.error) });
    this.socket.onclose = () => this.handle('close', undefined);
  }

  /** @param {string} event @param {(payload: any) => void} handler @returns {this} */
  on(event, handler) {
    this.handlers[event] = handler;
    return this;
  }

  /** @param {string} event @param {unknown} payload @param {(ack: any) => void} [onAck] */
  emit(event, payload, onAck) {
    const id = onAck ? this.nextAck++ : undefined;
    if (onAck && id !== undefined) this.acks.set(id, onAck);
    this.socket.send(eventPacket(event, payload, id));
  }

  close() {
    this.socket.close();
  }

  /** @param {string} frame */
  receive(frame) {
    const packet = decodePacket(frame);
    if (packet.type === 'open') this.socket.send(connectPacket(this.auth));
    else if (packet.type === 'ping') this.socket.send(PONG);
    else if (packet.type === 'refused') this.handle('connect_error', packet.error);
    else if (packet.type === 'event') this.handle(packet.name, packet.payload);
    else if (packet.type === 'ack') {
      this.acks.get(packet.id)?.(packet.payload);
      this.acks.delete(packet.id);
    }
  }

  /** @param {string} event @param {any} payload */
  handle(event, payload) {
    this.handlers[event]?.(payload);
  }
}
