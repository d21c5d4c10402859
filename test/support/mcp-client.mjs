/** The official SDK's client, driven over standard input: each line is `[method, ...arguments]`, each answer a line. */
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, token] = process.argv.slice(2);
const client = new Client({ name: 'test', version: '1.0.0' });
const transport = new StreamableHTTPClientTransport(new URL(url), {
  requestInit: { headers: { authorization: `Bearer ${token}` } },
});

const METHODS = {
  connect: async () => {
    await client.connect(transport);
    return { version: client.getServerVersion() };
  },
  listTools: () => client.listTools(),
  ping: () => client.ping(),
  setLoggingLevel: (level) => client.setLoggingLevel(level),
  callTool: (call) => client.callTool(call),
  callMany: (count, call) => Promise.all(Array.from({ length: count }, () => client.callTool(call))),
  terminateSession: () => transport.terminateSession(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [method, ...args] = JSON.parse(line);
  const answer = await METHODS[method](...args).catch(({ code, message }) => ({ failed: { code, message } }));
  process.stdout.write(`${JSON.stringify(answer ?? {})}\n`);
}
