import { UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import { ConnectedSocket, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Verdict } from '../../tools/approval-store.port.js';
import { DirectCalls, type DirectReturn } from '../../tools/direct-calls.service.js';
import { ToolApprovals } from '../../tools/tool-approvals.service.js';
import type { ToolDefinition } from '../../tools/tool.js';
import { ToolRegistry } from '../../tools/tool-registry.service.js';
import { Payload } from '../sockets/payload.decorator.js';
import { SessionReadyGuard } from '../sockets/session-ready.guard.js';
import { SocketConnections } from '../sockets/socket-connections.service.js';
import { SocketErrorFilter } from '../sockets/socket-error.filter.js';
import { SocketPayloadPipe } from '../sockets/socket-payload.pipe.js';
import type { TalksySocket } from '../sockets/talksy-socket.js';
import { CallToolDto, DecideToolDto, ListToolsDto, ToolInfoDto } from './dto/tools.dto.js';

/** The answer to a decision about a tool call. */
export interface Decided {
  runId: string;
  callId: string;
  status: Verdict;
}

/** Family A's events about tools: what there is, calling one oneself, deciding about a model's call. */
@WebSocketGateway()
@UseFilters(SocketErrorFilter)
@UseGuards(SessionReadyGuard)
@UsePipes(SocketPayloadPipe)
export class ToolsGateway {
  constructor(
    private readonly registry: ToolRegistry,
    private readonly calls: DirectCalls,
    private readonly approvals: ToolApprovals,
    private readonly connections: SocketConnections,
  ) {}

  @SubscribeMessage('list_tools')
  list(@ConnectedSocket() socket: TalksySocket, @Payload() query: ListToolsDto): ToolDefinition[] {
    const tools = this.registry.definitions(socket.data.principal.role, query);
    socket.emit('tools_list', tools);
    return tools;
  }

  @SubscribeMessage('get_tool_info')
  info(@ConnectedSocket() socket: TalksySocket, @Payload() { toolName }: ToolInfoDto): ToolDefinition {
    const { definition } = this.registry.require(toolName, socket.data.principal.role);
    socket.emit('tool_info', definition);
    return definition;
  }

  @SubscribeMessage('call_tool')
  async call(@ConnectedSocket() socket: TalksySocket, @Payload() call: CallToolDto): Promise<DirectReturn> {
    const { principal } = socket.data;
    const returned = await this.connections.whileConnected(socket, (signal) =>
      this.calls.call(call, principal, signal),
    );
    socket.emit('tool_result', returned);
    return returned;
  }

  @SubscribeMessage('approve_tool')
  async approve(@ConnectedSocket() socket: TalksySocket, @Payload() wish: DecideToolDto): Promise<Decided> {
    return this.decide(socket, wish, 'approved');
  }

  @SubscribeMessage('deny_tool')
  async deny(@ConnectedSocket() socket: TalksySocket, @Payload() wish: DecideToolDto): Promise<Decided> {
    return this.decide(socket, wish, 'denied');
  }

  private async decide(socket: TalksySocket, wish: DecideToolDto, verdict: Verdict): Promise<Decided> {
    const { runId, callId, reason } = wish;
    const { userId } = socket.data.principal;
    await this.approvals.decide({ runId, callId, userId, verdict, ...(reason && { reason }) });
    return { runId, callId, status: verdict };
  }
}
