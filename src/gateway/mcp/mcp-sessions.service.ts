import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { type Principal, tagsOf } from '../../auth/principal.js';
import { onRevocation } from '../../auth/revocations.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.port.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { newSecretId } from '../../common/ids.js';
import { OfferedTools } from './offered-tools.service.js';

/** A client's session: kept in this node's memory, as the protocol's clients begin a new one where it is gone. */
export interface McpSession {
  transport: StreamableHTTPServerTransport;
  /** Of the last request. */
  principal: Principal;
  usedAt: number;
}

const MAX_SESSIONS = 1000;
const MAX_OF_USER = 20;
const IDLE_MS = 30 * 60_000;
const SWEEP_MS = 60_000;

/** The MCP sessions of this node: bounded in number, ended when idle, or when what they rest on is revoked. */
@Injectable()
export class McpSessions implements OnModuleInit, OnModuleDestroy {
  private readonly sessions = new Map<string, McpSession>();
  private endSubscription: (() => void) | undefined;
  private sweeps: NodeJS.Timeout | undefined;

  constructor(
    private readonly tools: OfferedTools,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.endSubscription = onRevocation(this.events, ({ tag, error }) => {
      if (error) this.endWhere(({ principal }) => tagsOf(principal).includes(tag));
    });
    this.sweeps = setInterval(() => this.endIdle(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    this.endSubscription?.();
    clearInterval(this.sweeps);
    this.endWhere(() => true);
  }

  /** The session of this user, noted as used; undefined where there is none, or it is another's. */
  find(id: string, principal: Principal): McpSession | undefined {
    const session = this.sessions.get(id);
    if (session?.principal.userId !== principal.userId) return undefined;
    session.principal = principal;
    session.usedAt = this.clock.now();
    return session;
  }

  /** The transport of a session that begins with its first request. Throws OVERLOADED. */
  async open(principal: Principal): Promise<StreamableHTTPServerTransport> {
    this.requireRoom(principal.userId);
    const { StreamableHTTPServerTransport: Transport } =
      await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
    const id = newSecretId();
    const session: McpSession = {
      principal,
      usedAt: this.clock.now(),
      transport: new Transport({
        sessionIdGenerator: () => id,
        onsessioninitialized: () => void this.sessions.set(id, session),
      }),
    };
    const server = await this.tools.serve(() => session.principal);
    server.onclose = () => void this.sessions.delete(id);
    await server.connect(session.transport);
    return session.transport;
  }

  /** Ends what nobody has used for long. */
  endIdle(): void {
    const oldest = this.clock.now() - IDLE_MS;
    this.endWhere(({ usedAt }) => usedAt < oldest);
  }

  private requireRoom(userId: string): void {
    const ofUser = [...this.sessions.values()].filter(({ principal }) => principal.userId === userId).length;
    if (this.sessions.size < MAX_SESSIONS && ofUser < MAX_OF_USER) return;
    throw new TalksyError('OVERLOADED', 'There are too many MCP sessions; end one first.', { retryAfterMs: 60_000 });
  }

  private endWhere(matches: (session: McpSession) => boolean): void {
    for (const session of [...this.sessions.values()].filter(matches)) void session.transport.close();
  }
}
