import { Controller, Delete, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentPrincipal } from '../../auth/current-principal.decorator.js';
import { HttpAuthGuard } from '../../auth/http-auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { Raw } from '../../common/raw.decorator.js';
import { McpHostGuard } from './mcp-host.guard.js';
import { McpSessions } from './mcp-sessions.service.js';

/** Codes of JSON-RPC errors that the protocol's own servers answer with. */
const SESSION_UNKNOWN = -32001;
const BAD_REQUEST = -32000;

/** The Model Context Protocol over streamable HTTP: Talksy's tools, for callers with a token or an API key. */
@Controller('mcp')
@Raw()
@UseGuards(McpHostGuard, HttpAuthGuard)
export class McpController {
  constructor(private readonly sessions: McpSessions) {}

  @Post()
  async post(@CurrentPrincipal() who: Principal, @Req() request: Request, @Res() response: Response): Promise<void> {
    const body: unknown = request.body;
    if (!request.headers['mcp-session-id'] && asksToInitialize(body)) {
      const transport = await this.sessions.open(who);
      return transport.handleRequest(request, response, body);
    }
    return this.pass(who, request, response, body);
  }

  @Get()
  get(@CurrentPrincipal() who: Principal, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.pass(who, request, response);
  }

  @Delete()
  delete(@CurrentPrincipal() who: Principal, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.pass(who, request, response);
  }

  private async pass(who: Principal, request: Request, response: Response, body?: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') return refuse(response, 400, BAD_REQUEST, 'Mcp-Session-Id header is required');
    const session = this.sessions.find(id, who);
    if (!session) return refuse(response, 404, SESSION_UNKNOWN, 'Session not found');
    await session.transport.handleRequest(request, response, body);
  }
}

const asksToInitialize = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && (body as { method?: unknown }).method === 'initialize';

function refuse(response: Response, status: number, code: number, message: string): void {
  response.status(status).json({ jsonrpc: '2.0', error: { code, message }, id: null });
}
