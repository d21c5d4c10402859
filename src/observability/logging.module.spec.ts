import { Body, Controller, Get, type INestApplication, Logger, Param, Post, Res } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Response } from 'express';
import request from 'supertest';
import { ConfigModule } from '../config/config.module.js';
import { loadConfig } from '../config/load-config.js';
import { LoggingModule } from './logging.module.js';
import { ServerLogger } from './server-logger.js';

const PASSWORD = 'canary-password-7Qx';
const TOKEN = 'canary.token-8Zy';
const TEXT = 'canary text, nobody but the model may read it';
const CANARIES = [PASSWORD, TOKEN, TEXT, 'canary-cookie', 'canary-key', 'canary-query'];

@Controller()
class ScriptedController {
  private readonly logger = new Logger('Scripted');

  @Post('login')
  login(@Body() body: object): object {
    this.logger.log({ body, headers: { authorization: `Bearer ${TOKEN}` } }, 'somebody logs too much');
    this.logger.error(Object.assign(new Error(`upstream refused Bearer ${TOKEN}`), { request: body }), 'oops');
    return { ok: true };
  }

  @Get('status/:status')
  status(@Param('status') status: string, @Res() response: Response): void {
    response.cookie('session', 'canary-cookie').status(Number(status)).end();
  }
}

interface Entry {
  level: string;
  msg: string;
  context?: string;
  requestId?: string;
  [field: string]: unknown;
}

const lines: string[] = [];
const entries = (): Entry[] => lines.map((line) => JSON.parse(line) as Entry);
let app: INestApplication;

beforeAll(async () => {
  const config = ConfigModule.forRoot(loadConfig({ LOG_LEVEL: 'trace' }));
  const logging = LoggingModule.forRoot({ write: (line) => void lines.push(line) });
  const testing = await Test.createTestingModule({
    imports: [config, logging],
    controllers: [ScriptedController],
  }).compile();
  app = testing.createNestApplication({ bufferLogs: true });
  app.useLogger(app.get(ServerLogger));
  await app.init();
});
afterAll(() => app.close());

describe('the log of Talksy', () => {
  it('keeps the start of the framework to debug', () => {
    new Logger('Bootstrap').log('up');
    const told = entries().filter(({ level }) => level === 'info');
    expect(told).toMatchObject([{ context: 'Bootstrap', msg: 'up' }]);
    expect(entries().find(({ context }) => context === 'RouterExplorer')).toMatchObject({ level: 'debug' });
  });

  it('never holds a password, a token, a cookie, a query string or the text of a message', async () => {
    lines.length = 0;
    await request(app.getHttpServer())
      .post('/login?ticket=canary-query')
      .set({ Authorization: `Bearer ${TOKEN}`, 'X-API-Key': 'canary-key', Cookie: 'a=canary-cookie' })
      .send({ email: 'a@b.c', password: PASSWORD, text: TEXT })
      .expect(201);
    await request(app.getHttpServer()).get('/status/500').expect(500);
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const canary of CANARIES) expect(lines.join('')).not.toContain(canary);
    expect(lines.join('')).toContain('somebody logs too much');
  });

  it('has one line per request, and one id in all lines of a request', async () => {
    lines.length = 0;
    await request(app.getHttpServer()).post('/login?a=b').send({});
    const [first, second, answered] = entries();
    expect(entries()).toHaveLength(3);
    expect(answered).toMatchObject({
      level: 'debug',
      method: 'POST',
      path: '/login',
      status: 201,
      msg: 'request answered',
    });
    expect(answered!['timeMs']).toEqual(expect.any(Number));
    expect(answered!.requestId).toEqual(expect.any(String));
    expect([first!.requestId, second!.requestId]).toEqual([answered!.requestId, answered!.requestId]);
  });

  it('tells of failures of the server as errors, of mistakes of a client at debug', async () => {
    lines.length = 0;
    await request(app.getHttpServer()).get('/status/503');
    await request(app.getHttpServer()).get('/status/404');
    expect(entries()).toMatchObject([
      { level: 'error', path: '/status/503', status: 503, msg: 'request failed' },
      { level: 'debug', path: '/status/404', status: 404 },
    ]);
  });
});
