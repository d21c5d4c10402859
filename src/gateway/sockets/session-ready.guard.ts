import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { SessionService } from '../../session/session.service.js';
import type { TalksySocket } from './talksy-socket.js';

const MAX_WAIT_MS = 5000;

/** Lets an event wait until its session is open, at most 5 s, and counts it as activity. */
@Injectable()
export class SessionReadyGuard implements CanActivate {
  constructor(private readonly sessions: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { data } = context.switchToWs().getClient<TalksySocket>();
    if (!data.announced) await readyInTime(data.ready);
    if (!data.announced) throw new TalksyError('SESSION_EXPIRED');
    await this.sessions.touch(data.sessionId);
    return true;
  }
}

async function readyInTime(ready: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new TalksyError('STORE_UNAVAILABLE', 'The session is not ready; try again.', { retryAfterMs: 1000 });
    timer = setTimeout(() => reject(error), MAX_WAIT_MS);
  });
  await Promise.race([ready, late]).finally(() => clearTimeout(timer));
}
