import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AiModule } from '../ai/ai.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ConversationModule } from '../conversation/conversation.module.js';
import { MetricsModule } from '../observability/metrics.module.js';
import { RateLimitModule } from '../rate-limit/rate-limit.module.js';
import { RunModule } from '../run/run.module.js';
import { SessionModule } from '../session/session.module.js';
import { ToolsModule } from '../tools/tools.module.js';
import { OrganizationModule } from '../user/organization.module.js';
import { UserModule } from '../user/user.module.js';
import { AssistantBranches } from './assistant/assistant-branches.service.js';
import { AssistantRuns } from './assistant/assistant-runs.service.js';
import { AssistantSessions } from './assistant/assistant-sessions.service.js';
import { AssistantGateway } from './assistant/assistant.gateway.js';
import { BranchesGateway } from './assistant/branches.gateway.js';
import { ToolsGateway } from './assistant/tools.gateway.js';
import { ConversationBranchesController } from './chat/conversation-branches.controller.js';
import { ConversationMembersController } from './chat/conversation-members.controller.js';
import { ConversationReading } from './delivery/conversation-reading.service.js';
import { ConversationsController } from './chat/conversations.controller.js';
import { MemberLookup } from './chat/member-lookup.service.js';
import { OrganizationsController } from './chat/organizations.controller.js';
import { ProjectsController } from './chat/projects.controller.js';
import { RegenerateController } from './chat/regenerate.controller.js';
import { RegeneratedAnswers } from './delivery/regenerated-answers.service.js';
import { ChatAnswers } from './chat/chat-answers.service.js';
import { ChatController } from './chat/chat.controller.js';
import { ChatGateway } from './chat/chat.gateway.js';
import { ConversationRooms } from './chat/conversation-rooms.service.js';
import { SocketWriters } from './delivery/socket-writers.service.js';
import { ToolsController } from './chat/tools.controller.js';
import { EventDelivery } from './delivery/event-delivery.service.js';
import { Heartbeats } from './delivery/heartbeats.service.js';
import { RunDelivery } from './delivery/run-delivery.service.js';
import { HttpMessageLimits } from './http/http-message-limits.service.js';
import { UpgradeAdmission } from './http/upgrade-admission.service.js';
import { HttpLimits } from './http/http-limits.service.js';
import { CredentialsGateway } from './sockets/credentials.gateway.js';
import { ChatCompletions } from './openai/chat-completions.service.js';
import { OpenAiController } from './openai/openai.controller.js';
import { ResponseCalls } from './openai/responses/response-calls.service.js';
import { ResponseCompaction } from './openai/responses/response-compaction.service.js';
import { ResponseSockets } from './openai/responses/response-sockets.service.js';
import { ResponseTurns } from './openai/responses/response-turns.service.js';
import { ResponseReading } from './openai/responses/response-reading.service.js';
import { ResponsesController } from './openai/responses/responses.controller.js';
import { Responses } from './openai/responses/responses.service.js';
import { McpController } from './mcp/mcp.controller.js';
import { McpSessions } from './mcp/mcp-sessions.service.js';
import { OfferedTools } from './mcp/offered-tools.service.js';
import { SocketMessageLimits } from './sockets/message-limits.service.js';
import { SocketAdmission } from './sockets/socket-admission.service.js';
import { SocketConnections } from './sockets/socket-connections.service.js';
import { SocketDirectory } from './sockets/socket-directory.js';
import { SocketExpiry } from './sockets/socket-expiry.service.js';
import { SocketMetrics } from './sockets/socket-metrics.service.js';
import { SocketProof } from './sockets/socket-proof.service.js';
import { ApiDocuments } from './docs/api-documents.service.js';
import { DocsController } from './docs/docs.controller.js';
import { Routes } from './docs/routes.js';
import { SocketEvents } from './docs/socket-events.js';
import { PlaygroundController } from './playground/playground.controller.js';
import { EditorChatController } from './project-chat/editor-chat.controller.js';
import { EditorChatStreams } from './project-chat/editor-chat-streams.service.js';
import { EditorChats } from './project-chat/editor-chats.service.js';
import { EditorChatAnswers } from './project-chat/trpc/editor-chat-answers.service.js';
import { EditorChatCatalog } from './project-chat/editor-chat-catalog.service.js';
import { TrpcController } from './project-chat/trpc/trpc.controller.js';
import { LlmConversationsController } from './project-chat/llm-conversations.controller.js';
import { UiChatController } from './ui-stream/ui-chat.controller.js';
import { UiChats } from './ui-stream/ui-chats.service.js';
import { UsageController } from './usage/usage.controller.js';

/** Every way in and out. */
@Module({
  imports: [
    DiscoveryModule,
    AiModule,
    AuthModule,
    ConversationModule,
    MetricsModule,
    RateLimitModule,
    RunModule,
    SessionModule,
    ToolsModule,
    OrganizationModule,
    UserModule,
  ],
  controllers: [
    ConversationBranchesController,
    ConversationMembersController,
    ConversationsController,
    ChatController,
    DocsController,
    EditorChatController,
    LlmConversationsController,
    OrganizationsController,
    PlaygroundController,
    ProjectsController,
    RegenerateController,
    McpController,
    OpenAiController,
    ResponsesController,
    ToolsController,
    TrpcController,
    UiChatController,
    UsageController,
  ],
  providers: [
    AssistantBranches,
    AssistantGateway,
    AssistantRuns,
    AssistantSessions,
    BranchesGateway,
    ApiDocuments,
    Routes,
    SocketEvents,
    RunDelivery,
    ChatAnswers,
    ChatCompletions,
    ChatGateway,
    ConversationRooms,
    CredentialsGateway,
    EditorChatAnswers,
    EditorChatCatalog,
    EditorChatStreams,
    EditorChats,
    EventDelivery,
    Heartbeats,
    ConversationReading,
    MemberLookup,
    RegeneratedAnswers,
    ResponseCalls,
    ResponseCompaction,
    ResponseReading,
    ResponseSockets,
    ResponseTurns,
    Responses,
    HttpLimits,
    HttpMessageLimits,
    McpSessions,
    OfferedTools,
    SocketAdmission,
    SocketConnections,
    SocketDirectory,
    SocketExpiry,
    SocketMetrics,
    SocketWriters,
    SocketProof,
    SocketMessageLimits,
    ToolsGateway,
    UiChats,
    UpgradeAdmission,
  ],
})
export class GatewayModule {}
