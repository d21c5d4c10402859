import { Controller, Header, Post, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../current-principal.decorator.js';
import { HttpAuthGuard } from '../http-auth.guard.js';
import type { Principal } from '../principal.js';
import { type StreamTicket, StreamTickets } from './stream-tickets.service.js';

/** Tickets for a browser's EventSource, which sends no header. */
@Controller('auth')
@UseGuards(HttpAuthGuard)
export class StreamTicketController {
  constructor(private readonly tickets: StreamTickets) {}

  @Post('stream-ticket')
  @Header('Cache-Control', 'no-store')
  issue(@CurrentPrincipal() principal: Principal): Promise<StreamTicket> {
    return this.tickets.issue(principal);
  }
}
