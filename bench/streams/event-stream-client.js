import { Agent, request } from 'node:http';
import { StringDecoder } from 'node:string_decoder';

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/** Chats of a caller: as with the other doors, an answer has no others before it that would have to be read, for minutes. */
const CHATS = 64;

/** What each door that answers by server-sent events is asked, and where its frames hold text. */
const DOORS = {
  sse: {
    path: (chatId) => `/api/editorChat/stream/${chatId}`,
    /** Answers belong to a chat there, which has to be made first. */
    open: '/api/conversations',
    body: (content) => ({ content }),
    text: (frame) => (frame.type === 'content' ? frame.content : ''),
  },
  v1: {
    path: () => '/v1/chat/completions',
    body: (content) => ({ model: 'bench', stream: true, messages: [{ role: 'user', content }] }),
    text: (frame) => frame.choices[0]?.delta?.content ?? '',
  },
};

/** A caller of one of the doors over HTTP, with the same two methods as the socket's. */
export class EventStreamClient {
  constructor(url, token, door) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    Object.assign(this, { url, headers, door: DOORS[door] });
  }

  close() {
    // Each answer has its own request.
  }

  /** Makes what the answers belong to, where they belong to something. */
  async open() {
    this.chats = [];
    while (this.door.open && this.chats.length < CHATS) this.chats.push(await this.openChat());
    return this;
  }

  async openChat() {
    const response = await fetch(`${this.url}${this.door.open}`, { method: 'POST', headers: this.headers, body: '{}' });
    const { id } = await response.json();
    if (!id) throw new Error(`no chat was made: ${response.status}`);
    return id;
  }

  stream(question, onText) {
    const { url, door, headers, chats } = this;
    const chatId = chats[0];
    // The one that was used longest ago comes first.
    chats.push(...chats.splice(0, 1));
    return new Promise((resolve, reject) => {
      const call = request(`${url}${door.path(chatId)}`, { method: 'POST', agent, headers }, (response) => {
        let rest = '';
        const decoder = new StringDecoder('utf8');
        response.once('error', reject);
        response.on('data', (packet) => {
          const lines = (rest + decoder.write(packet)).split('\n');
          rest = lines.pop();
          for (const line of lines) if (line.startsWith('data: {')) take(line.slice(6));
          if (lines.includes('data: [DONE]')) resolve();
        });
        response.once('end', () => reject(new Error(`${response.statusCode}: the answer has no end: ${rest}`)));
      });
      const take = (json) => {
        const text = door.text(JSON.parse(json));
        if (text) onText(text);
      };
      call.once('error', reject);
      call.end(JSON.stringify(door.body(question)));
    });
  }
}
