import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type WebSocket, WebSocketServer } from 'ws';
import { TalksyError, toWireError } from '../../../common/errors/talksy-error.js';
import { ServerConfig } from '../../../config/config.js';
import { Heartbeats } from '../../delivery/heartbeats.service.js';
import { UpgradeAdmission } from '../../http/upgrade-admission.service.js';
import { RESPONSES_PATH } from '../../http/upgrades.js';
import { toOpenAiError } from '../openai-error.js';
import { ResponseConnection } from './response-connection.js';
import { ResponseTurns } from './response-turns.service.js';

const GOING_AWAY = 1001;
/** How long a client may take to say goodbye, too. */
const CLOSE_PATIENCE_MS = 500;

/** The Responses API by websocket: the same runs, limits and errors as over HTTP. */
@Injectable()
export class ResponseSockets implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ResponseSockets.name);
  private readonly server: WebSocketServer;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly admission: UpgradeAdmission,
    private readonly turns: ResponseTurns,
    private readonly heartbeats: Heartbeats,
    { bodyLimitBytes }: ServerConfig,
  ) {
    this.server = new WebSocketServer({ noServer: true, maxPayload: bodyLimitBytes, perMessageDeflate: false });
  }

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (RESPONSES_PATH.test(request.url ?? '')) void this.upgrade(request, socket, head);
    });
  }

  onModuleDestroy(): void {
    for (const client of this.server.clients) {
      client.close(GOING_AWAY, 'the server is shutting down');
      setTimeout(() => client.terminate(), CLOSE_PATIENCE_MS).unref();
    }
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const endEarly = (): Duplex => socket.destroy();
    socket.on('error', endEarly);
    try {
      await this.admission.admit(request);
      socket.off('error', endEarly);
      this.server.handleUpgrade(request, socket, head, (client) => this.welcome(client, request));
    } catch (error) {
      this.refuse(socket, error);
    }
  }

  private welcome(client: WebSocket, request: IncomingMessage): void {
    const connection = new ResponseConnection(client, {
      authenticate: () => this.admission.admit(request),
      play: (asked, who, line) => this.turns.play(asked, who, line),
      told: (error) => this.told(error),
    });
    const endBeats = this.heartbeats.enlist(() => connection.beat());
    connection.gone.addEventListener('abort', endBeats, { once: true });
  }

  /** Before there is a websocket, an HTTP answer. */
  private refuse(socket: Duplex, error: unknown): void {
    const { status, body } = this.openAiError(error);
    const text = JSON.stringify(body);
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
    ];
    if (status === 401) lines.push('WWW-Authenticate: Bearer');
    socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
  }

  private told(error: unknown): object {
    const { status, body } = this.openAiError(error);
    return { type: 'error', status, error: body.error };
  }

  private openAiError(error: unknown): ReturnType<typeof toOpenAiError> {
    if (!(error instanceof TalksyError)) this.logger.error({ err: error }, 'a websocket of the Responses API failed');
    return toOpenAiError(toWireError(error, ''));
  }
}
