import { Controller, Get, HttpCode, Logger, Param, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import type { Request, Response } from 'express';
import { CurrentPrincipal } from '../../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../../auth/http-auth.guard.js';
import type { Principal } from '../../../auth/principal.js';
import { TalksyError } from '../../../common/errors/talksy-error.js';
import { Raw } from '../../../common/raw.decorator.js';
import { requestIdOf } from '../../../observability/request-id.js';
import { EditorChatAnswers } from './editor-chat-answers.service.js';
import { EditorChatCatalog } from '../editor-chat-catalog.service.js';
import { type EditorChatRouter, editorChatRouter } from './editor-chat.router.js';
import { retryHeaders } from './trpc-errors.js';
import { TrpcErrorFilter } from './trpc-error.filter.js';

/** Calls in one request. */
const MAX_BATCH = 20;

/** Family C's procedures over tRPC. */
@Controller('trpc')
@Raw()
@UseGuards(HttpAuthGuard)
@UseFilters(TrpcErrorFilter)
export class TrpcController {
  private readonly logger = new Logger(TrpcController.name);
  private readonly router: EditorChatRouter;

  constructor(chats: EditorChatCatalog, answers: EditorChatAnswers) {
    this.router = editorChatRouter(chats, answers);
  }

  @Get(':path')
  query(
    @Param('path') path: string,
    @CurrentPrincipal() who: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.call(path, who, request, response);
  }

  /** tRPC sets the status of a failure, but only where nobody has set another than 200. */
  @Post(':path')
  @HttpCode(200)
  mutate(
    @Param('path') path: string,
    @CurrentPrincipal() who: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.call(path, who, request, response);
  }

  private async call(path: string, who: Principal, request: Request, response: Response): Promise<void> {
    const requestId = requestIdOf(request);
    await nodeHTTPRequestHandler({
      router: this.router,
      path,
      req: request,
      res: response,
      maxBatchSize: MAX_BATCH,
      createContext: () => Promise.resolve({ who, response, requestId }),
      responseMeta: ({ errors }) => ({
        headers: retryHeaders(errors.flatMap(({ cause }) => (cause instanceof TalksyError ? cause : []))),
      }),
      onError: ({ error }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR') this.logger.error({ err: error.cause, requestId }, 'a call failed');
      },
    });
  }
}
