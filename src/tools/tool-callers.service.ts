import { Injectable } from '@nestjs/common';
import { CallerRoles } from './caller-roles.port.js';
import type { ToolCaller } from './tool.js';
import { ToolRegistry } from './tool-registry.service.js';

/** Finds out on whose behalf the tools of a run work. */
@Injectable()
export class ToolCallers {
  constructor(
    private readonly registry: ToolRegistry,
    private readonly roles: CallerRoles,
  ) {}

  /** Looks the role up only where some tool depends on it: every run comes through here. */
  async of(userId: string): Promise<ToolCaller> {
    const role = this.registry.isRoleDependent ? await this.roles.roleOf(userId) : undefined;
    return { userId, role: role ?? 'guest' };
  }
}
