import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { OPERATION_TEXTS } from '../../src/gateway/docs/operation-texts.js';
import { EXAMPLES } from '../../src/gateway/docs/request-bodies.js';
import { type Account, AssistantClient, register } from '../support/assistant-client.js';
import { findChromium, openChromium } from '../support/chromium.js';
import { rest } from '../support/rest.js';
import { startTalksy, type TestApp } from '../support/talksy-app.js';

// oxlint-disable-next-line typescript/no-explicit-any -- documents are data
type Document = any;

const executable = findChromium();

describe('The documents of the API', () => {
  let app: TestApp;
  let account: Account;
  let openApi: Document;
  let asyncApi: Document;
  const operations = (): Document[] =>
    Object.entries(openApi.paths as Record<string, Document>).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Document>).map(([method, operation]) => ({ path, method, ...operation })),
    );
  const nameOf = ({ operationId, tags }: Document): string =>
    `${tags[0]}Controller.${(operationId as string).split('_')[1]}`;

  beforeAll(async () => {
    app = await startTalksy({ AUTH_RATE_LIMIT_MAX_REQUESTS: '1000' });
    account = await register(app.url);
    openApi = (await rest(app.url, ['GET', '/docs/openapi.json'])).body;
    asyncApi = (await rest(app.url, ['GET', '/docs/asyncapi.json'])).body;
  }, 60_000);
  afterAll(() => app.close());

  it('are a valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(openApi));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(openApi.openapi).toBe('3.1.0');
    expect(JSON.stringify(openApi)).not.toContain('#/definitions/');
  });

  it('name and explain every operation once', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations().map(nameOf).sort()).toEqual(Object.keys(OPERATION_TEXTS).sort());
    for (const { summary } of operations()) expect(summary).toMatch(/^[A-Z].{5,}/);
  });

  it('tell the rules that the server checks', () => {
    const { RegisterDto, UserMessageDto } = openApi.components.schemas;
    expect(RegisterDto.required).toEqual(expect.arrayContaining(['email', 'password']));
    expect(UserMessageDto.properties.attachments).toMatchObject({ type: 'array', maxItems: 10 });
    expect(UserMessageDto.properties).not.toHaveProperty('agent');
    const list = openApi.paths['/api/conversations'].get;
    expect(list.parameters).toContainEqual(expect.objectContaining({ name: 'limit', in: 'query' }));
    expect(
      openApi.paths['/v1/responses'].post.requestBody.content['application/json'].schema.properties,
    ).toHaveProperty('previous_response_id');
    expect([list.security.length, openApi.paths['/auth/login'].post.security.length]).toEqual([2, 0]);
  });

  it('have references that lead somewhere', () => {
    const refs = [...JSON.stringify(openApi).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
    expect(refs.filter((name) => !(name in openApi.components.schemas))).toEqual([]);
  });

  it('have examples that work', async () => {
    const shown = operations().filter(({ requestBody }) => requestBody?.content['application/json']?.example);
    expect(shown.map(nameOf).sort()).toEqual(Object.keys(EXAMPLES).sort());
    // Who signs in must have an account.
    const inOrder = shown.sort(
      (a, b) => Number(nameOf(b).endsWith('register')) - Number(nameOf(a).endsWith('register')),
    );
    for (const operation of inOrder) {
      const { path, method, security, requestBody } = operation;
      const credential = security.length > 0 && { credential: account.accessToken };
      const response = await fetch(app.url + path, {
        method: method.toUpperCase(),
        headers: {
          'content-type': 'application/json',
          ...(credential && { authorization: `Bearer ${credential.credential}` }),
        },
        body: JSON.stringify(requestBody.content['application/json'].example),
      });
      expect({ path, statuses: Object.keys(operation.responses) }).toEqual({
        path,
        statuses: expect.arrayContaining([String(response.status)]),
      });
      await response.text();
    }
  });

  it('are a valid AsyncAPI 3', async () => {
    const { diagnostics } = await new Parser().parse(JSON.stringify(asyncApi));
    expect(diagnostics.filter(({ severity }) => severity < 2).map(({ message, path }) => [message, path])).toEqual([]);
  });

  it('know every event of clients, and tell the truth of every event of the server', async () => {
    const { messages } = asyncApi.channels.socket;
    const sent = Object.keys(messages).filter((key) => key.startsWith('client_'));
    expect(sent).toEqual(
      expect.arrayContaining(['client_user_message_stream', 'client_stream_chat', 'client_authenticate']),
    );
    expect(messages.client_user_message.payload.properties).toHaveProperty('text');
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const client = await AssistantClient.connect(app.url, account);
    const { start } = await client.stream('What is 17*23?');
    await client.ask('user_message', { text: 'exactly: whole' });
    await client.ask('get_history', {});
    await client.ask('get_session_info', {});
    await client.ask('list_tools', {});
    await client.ask('get_tool_info', { toolName: 'calculator' });
    await client.ask('call_tool', { toolName: 'calculator', parameters: { expression: '6*7' } });
    await client.ask('regenerate', { messageId: start.messageId });
    await client.ask('switch_branch', { messageId: start.messageId });
    await client.ask('fork_conversation', { messageId: start.messageId });
    await client.ask('stream_chat', { message: 'exactly: room', conversationId: 'documents-room' });
    await client.untilEvent('stream_complete');
    await client.ask('user_message', {});
    const seen = new Set(client.received.map(({ event }) => event));
    for (const { event, payload } of client.received) {
      const schema = messages[`server_${event}`]?.payload;
      expect([event, schema ? ajv.validate(schema, payload) : 'unknown', ajv.errors]).toEqual([event, true, null]);
    }
    expect(seen.size).toBeGreaterThan(12);
    client.close();
  });

  it('are shown to people', async () => {
    const page = await fetch(`${app.url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await fetch(`${app.url}/docs/package.json`)).status).toBe(404);
    if (!executable) return;
    const browser = await openChromium(executable);
    try {
      const tab = await browser.newPage();
      const problems: string[] = [];
      tab.on('pageerror', (error) => problems.push(String(error)));
      tab.on('console', (told) => told.type() === 'error' && problems.push(told.text()));
      await tab.goto(`${app.url}/docs`);
      await tab.getByText('Exchange a refresh token for a new pair').waitFor();
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
