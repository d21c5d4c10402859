import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ConversationModule } from '../conversation/conversation.module.js';
import { RunModule } from '../run/run.module.js';
import { SessionModule } from '../session/session.module.js';
import { AssistantRuns } from './assistant/assistant-runs.service.js';
import { AssistantSessions } from './assistant/assistant-sessions.service.js';
import { AssistantGateway } from './assistant/assistant.gateway.js';
import { RunDelivery } from './delivery/run-delivery.service.js';
import { SocketAdmission } from './sockets/socket-admission.service.js';
import { SocketConnections } from './sockets/socket-connections.service.js';

/** Every way in and out. */
@Module({
  imports: [AuthModule, ConversationModule, RunModule, SessionModule],
  providers: [AssistantGateway, AssistantRuns, AssistantSessions, RunDelivery, SocketAdmission, SocketConnections],
})
export class GatewayModule {}
