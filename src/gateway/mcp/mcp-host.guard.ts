import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ToolConfig } from '../../config/config.js';
import { requireKnownHost } from './mcp-hosts.js';

/** Lets requests pass that were sent to a name of this server, from no page or from a known one. */
@Injectable()
export class McpHostGuard implements CanActivate {
  constructor(private readonly config: ToolConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<Request>();
    requireKnownHost(headers, this.config.mcpAllowedHosts);
    return true;
  }
}
