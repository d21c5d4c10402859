import type { INestApplication } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { asyncApi } from './async-api.js';
import { openApi } from './open-api.js';
import { Routes } from './routes.js';
import { SocketEvents } from './socket-events.js';

/** What clients can call and hear, as documents; made when they are first asked for. */
@Injectable()
export class ApiDocuments {
  private app: INestApplication | undefined;
  private rest: Promise<object> | undefined;
  private sockets: object | undefined;

  constructor(
    private readonly routes: Routes,
    private readonly events: SocketEvents,
  ) {}

  /** Whose routes they are about. To be called once, before the first question. */
  describe(app: INestApplication): void {
    this.app = app;
  }

  /** OpenAPI 3.1. */
  openApi(): Promise<object> {
    this.rest ??= this.makeOpenApi();
    return this.rest;
  }

  /** AsyncAPI 3.0. */
  asyncApi(): object {
    this.sockets ??= asyncApi(this.events.ofClients());
    return this.sockets;
  }

  /** The generator is loaded here: it would cost every start. */
  private async makeOpenApi(): Promise<object> {
    const { app } = this;
    if (!app) throw new TalksyError('NOT_FOUND', 'This server has no API documents.');
    const { DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
    const found = SwaggerModule.createDocument(app, new DocumentBuilder().setOpenAPIVersion('3.1.0').build());
    return openApi(found, this.routes.facts());
  }
}
