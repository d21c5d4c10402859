import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AssistantClient, register } from '../support/assistant-client.js';
import { TalksyProcess, temporaryFolder } from '../support/talksy-process.js';
import { within } from '../support/within.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

/** Takes what a server sends over OTLP, as a collector does. */
class Collector {
  readonly spans: Span[] = [];
  private readonly server: Server;
  private wake = (): void => {};

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        type Sent = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
        const { resourceSpans } = JSON.parse(body) as Sent;
        this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
        response.setHeader('content-type', 'application/json').end('{}');
        this.wake();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async until(matches: (span: Span) => boolean): Promise<Span> {
    const come = async (): Promise<Span> => {
      for (;;) {
        const found = this.spans.find(matches);
        if (found) return found;
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    };
    return within('a span', come());
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const attributesOf = ({ attributes }: Span) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('Traces', () => {
  const collector = new Collector();
  const folder = temporaryFolder();
  let server: TalksyProcess;

  beforeAll(async () => {
    const env = {
      DATA_DIR: folder.path,
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_SERVICE_NAME: 'talksy-test',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    server = await TalksyProcess.start(env, ['--import', './dist/otel.js']);
  }, 60_000);
  afterAll(async () => {
    await server.end('SIGKILL');
    collector.close();
    folder.remove();
  });

  it('go from a caller’s request over the run to the model and its tools', async () => {
    const { accessToken } = await register(server.url!);
    const parent = '00f067aa0ba902b7';
    const response = await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'application/json',
        traceparent: `00-${TRACE}-${parent}-01`,
      },
      body: JSON.stringify({ message: 'What is 17*23? This is private.' }),
    });
    expect(response.status).toBe(200);
    const run = await collector.until(({ name }) => name === 'run');
    expect(run).toMatchObject({ traceId: TRACE, parentSpanId: parent });
    expect(attributesOf(run)).toMatchObject({ 'talksy.run.finish_reason': 'stop' });
    const chat = await collector.until(({ name }) => name === 'chat mock');
    expect(chat).toMatchObject({ traceId: TRACE, parentSpanId: run.spanId, kind: 3 });
    expect(attributesOf(chat)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mock',
      'gen_ai.request.model': 'mock',
    });
    const tool = await collector.until(({ name }) => name === 'execute_tool calculator');
    expect(tool).toMatchObject({ traceId: TRACE, parentSpanId: run.spanId });
    expect(JSON.stringify(collector.spans)).not.toContain('private');
  });

  it('are the socket’s own where nobody has begun one, and what was not sent yet goes out at the end', async () => {
    const client = await AssistantClient.connect(server.url!, await register(server.url!));
    await client.stream('exactly: hello');
    client.close();
    expect(await server.end()).toBe(0);
    const others = collector.spans.filter(({ name, traceId }) => name === 'run' && traceId !== TRACE);
    expect(others).toHaveLength(1);
    expect(others[0]!.parentSpanId ?? '').toBe('');
  });
});
