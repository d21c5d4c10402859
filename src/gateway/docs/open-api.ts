import type { OpenAPIObject } from '@nestjs/swagger';
import { APP_INFO } from '../../common/app-info.js';
import { ERROR_CODES } from '../../common/errors/error-codes.js';
import { dtoSchemas, type JsonSchema } from './dto-schemas.js';
import { OPERATION_TEXTS } from './operation-texts.js';
import { EXAMPLES, foreignBodies } from './request-bodies.js';
import type { RouteFacts } from './routes.js';

type Document = Record<string, unknown>;

interface Operation {
  operationId: string;
  summary?: string;
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, object>;
  security?: object[];
  tags?: string[];
}

/** Other names of paths that are told already, files of the playground, and these documents themselves. */
const ALIAS = /^\/(openai\/v1|api\/llm\/responses|playground\/|docs)/;
const STREAMS = /^\/(v1\/(chat|responses)|api\/(ui\/chat|editorChat\/stream|llm\/conversations\/\{id\}))/;
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

/** What the framework found out about the routes, with what the code checks and what people want to know. */
export function openApi(found: OpenAPIObject, facts: ReadonlyMap<string, RouteFacts>): Document {
  const schemas = dtoSchemas();
  const bodies = foreignBodies();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [path, item] of Object.entries(found.paths)) {
    if (ALIAS.test(path)) continue;
    const operations = Object.entries(item as Record<string, Operation>).map(([method, operation]) => {
      const name = operation.operationId.replace('_', '.').replace(/\[\d+\]$/, '');
      return [method, told(operation, { name, path, schemas, fact: facts.get(name), body: bodies[name] })] as const;
    });
    paths[path] = Object.fromEntries(operations);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Talksy',
      version: APP_INFO.version,
      summary: 'A server for assistants that answer in real time.',
      description:
        'Answers over sockets are told in `/docs/asyncapi.json`. `/openai/v1` is `/v1`, and `/api/llm/responses` is `/v1/responses`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags ?? [])))]
      .sort()
      .map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token or an API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      schemas: { ...schemas, ...COMMON },
    },
  };
}

interface Telling {
  /** `<Controller>.<method>` */
  name: string;
  path: string;
  schemas: Record<string, JsonSchema>;
  fact: RouteFacts | undefined;
  body: JsonSchema | undefined;
}

function told(operation: Operation, { name, path, schemas, fact, body }: Telling): Operation {
  const [controller = '', method = ''] = name.split('.');
  const tag = controller.replace(/Controller$/, '');
  const query = fact?.queryDto ? parametersOf(schemas[fact.queryDto]) : [];
  const requestBody = body ? bodyOf(body) : operation.requestBody;
  const example = EXAMPLES[name];
  return {
    operationId: `${tag[0]?.toLowerCase()}${tag.slice(1)}_${method}`,
    summary: OPERATION_TEXTS[name] ?? name,
    tags: [tag],
    security: fact?.needsCredential ? [{ bearer: [] }, { apiKey: [] }] : [],
    parameters: [...(operation.parameters ?? []).filter(isInPath), ...query],
    ...(requestBody && { requestBody: example ? withExample(requestBody, example) : requestBody }),
    responses: {
      ...Object.fromEntries(
        Object.keys(operation.responses).map((status) => [status, answerOf(status, path, fact?.isWrapped ?? false)]),
      ),
      default: {
        description: 'Refused, or failed',
        content: { 'application/json': { schema: ref(path.startsWith('/v1/') ? 'OpenAiError' : 'Error') } },
      },
    },
  };
}

const isInPath = (parameter: object): boolean => (parameter as { in?: string }).in === 'path';

function parametersOf(schema: JsonSchema = {}): object[] {
  const required = (schema['required'] ?? []) as string[];
  return Object.entries((schema['properties'] ?? {}) as Record<string, object>).map(([name, rule]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: rule,
  }));
}

const bodyOf = (schema: JsonSchema): object => ({ required: true, content: { 'application/json': { schema } } });

function withExample(body: object, example: object): object {
  const { content } = body as { content: Record<string, object> };
  const [[type, media] = ['application/json', {}]] = Object.entries(content);
  return { ...body, content: { [type]: { ...media, example } } };
}

function answerOf(status: string, path: string, isWrapped: boolean): object {
  const schema = isWrapped ? ref('Envelope') : {};
  const events = STREAMS.test(path) && { 'text/event-stream': { schema: { type: 'string' } } };
  return {
    description: status === '201' ? 'Made' : status === '204' ? 'Done' : 'Answered',
    ...(status !== '204' && { content: { 'application/json': { schema }, ...events } }),
  };
}

const TEXT = { type: 'string' };
const COMMON: Record<string, JsonSchema> = {
  Envelope: {
    type: 'object',
    properties: {
      success: { const: true },
      data: {},
      requestId: TEXT,
      timestamp: { type: 'string', format: 'date-time' },
    },
    required: ['success', 'data', 'requestId', 'timestamp'],
  },
  Error: {
    type: 'object',
    properties: {
      code: { type: 'string', enum: Object.keys(ERROR_CODES) },
      message: TEXT,
      details: {
        type: 'array',
        items: { type: 'object', properties: { field: TEXT, message: TEXT }, required: ['field', 'message'] },
      },
      requestId: TEXT,
      retryAfterMs: { type: 'integer' },
    },
    required: ['code', 'message', 'requestId'],
  },
  OpenAiError: {
    type: 'object',
    properties: {
      error: {
        type: 'object',
        properties: {
          message: TEXT,
          type: TEXT,
          param: { type: ['string', 'null'] },
          code: { type: ['string', 'null'] },
        },
        required: ['message', 'type', 'param', 'code'],
      },
    },
    required: ['error'],
  },
};
