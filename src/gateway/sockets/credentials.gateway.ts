import { UseFilters, UsePipes } from '@nestjs/common';
import { ConnectedSocket, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { AuthenticateDto } from './authenticate.dto.js';
import { Payload } from './payload.decorator.js';
import { SocketConnections } from './socket-connections.service.js';
import { SocketErrorFilter } from './socket-error.filter.js';
import { SocketPayloadPipe } from './socket-payload.pipe.js';
import { SocketProof } from './socket-proof.service.js';
import type { TalksySocket } from './talksy-socket.js';

/** Lets a connection live longer than the token it came with. Needs no session: that may be slower than the token. */
@WebSocketGateway()
@UseFilters(SocketErrorFilter)
@UsePipes(SocketPayloadPipe)
export class CredentialsGateway {
  constructor(
    private readonly proof: SocketProof,
    private readonly connections: SocketConnections,
  ) {}

  /** FORBIDDEN for another user's token: what the connection is getting belongs to one. */
  @SubscribeMessage('authenticate')
  async authenticate(
    @ConnectedSocket() socket: TalksySocket,
    @Payload() { token }: AuthenticateDto,
  ): Promise<{ expiresAt: string | null }> {
    const {
      principal: { userId },
      address,
    } = socket.data;
    await this.connections.renew(socket, async () => {
      const principal = await this.proof.authenticate(token, address, 'socket.authenticate');
      if (principal.userId === userId) return principal;
      throw new TalksyError('FORBIDDEN', 'This token is of another user; open another connection for it.');
    });
    const { expiresAt } = socket.data.principal;
    return { expiresAt: expiresAt === Infinity ? null : new Date(expiresAt).toISOString() };
  }
}
