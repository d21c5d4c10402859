import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { Principal } from '../principal.js';

/** What a stolen API key must not do, and a guest cannot: only who has signed in may change an account. After HttpAuthGuard. */
@Injectable()
export class SignInOnlyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<Request & { user: Principal }>();
    if (user.role === 'guest') throw new TalksyError('FORBIDDEN', 'A guest may not do this; register first.');
    if (user.familyId !== undefined) return true;
    throw new TalksyError('FORBIDDEN', 'An API key may not do this; sign in.');
  }
}
