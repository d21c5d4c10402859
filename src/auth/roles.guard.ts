import { type CanActivate, type CustomDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AuditLog } from '../observability/audit-log.service.js';
import type { Role } from '../user/user.js';
import type { Principal } from './principal.js';
import { requireRole } from './require-role.js';

const ROLES = 'talksy:roles';

/** Who may call a route or controller that is behind `HttpAuthGuard` and `RolesGuard`. */
export const Roles = (...roles: Role[]): CustomDecorator => SetMetadata(ROLES, roles);

/** Lets those roles pass that `@Roles()` names; FORBIDDEN. A route without the decorator lets nobody pass. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly audit: AuditLog,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride<Role[]>(ROLES, [context.getHandler(), context.getClass()]) ?? [];
    const { user, ip } = context.switchToHttp().getRequest<Request & { user: Principal }>();
    try {
      requireRole(user, ...roles);
      return true;
    } catch (error) {
      this.audit.note({ what: 'role.require', from: ip, who: user.userId }, error);
      throw error;
    }
  }
}
