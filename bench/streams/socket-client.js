import { WebSocket } from 'ws';

/**
 * The least that speaks Socket.IO over one websocket: packets as text, no reconnection. A full client would take more
 * of the core that it shares with the upstream than the server does of its own.
 */
export class SocketClient {
  /** Set by whoever waits for events: called with name and payload. */
  onEvent = () => undefined;
  #socket;

  constructor(socket) {
    this.#socket = socket;
  }

  /** Resolves when the connection may be used: for Talksy, when its session is announced. */
  static connect(url, token) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    const client = new SocketClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed')));
      socket.on('message', (data) => {
        const packet = data.toString();
        if (packet[0] === '0') socket.send(`40${token ? JSON.stringify({ token }) : ''}`);
        else if (packet === '2') socket.send('3');
        else if (packet.startsWith('44')) reject(new Error(packet));
        else if (packet.startsWith('40') && !token) resolve(client);
        else if (packet.startsWith('42["SESSION_')) resolve(client);
        else if (packet.startsWith('42')) client.onEvent(...JSON.parse(packet.slice(2)));
      });
    });
  }

  emit(name, payload) {
    this.#socket.send(`42${JSON.stringify([name, payload])}`);
  }

  close() {
    this.#socket.terminate();
  }

  /** One answer: `onText` gets each new text. Resolves at its end; rejects where it failed. */
  stream(text, onText) {
    return new Promise((resolve, reject) => {
      this.onEvent = (name, payload) => {
        if (name === 'stream_chunk') onText(payload.content);
        else if (name === 'stream_end' && payload.finishReason === 'stop') resolve(payload);
        else if (name === 'stream_end' || name === 'error') reject(new Error(JSON.stringify(payload)));
      };
      // Each in a conversation of its own: the relay remembers nothing either, and a history would grow with the warm-up.
      this.emit('user_message_stream', { text, conversationId: null });
    });
  }
}
