import { Injectable } from '@nestjs/common';
import { callerOfAddress } from '../../rate-limit/address.js';
import { MessageLimit, type MessageSender } from '../../rate-limit/message-limit.service.js';
import type { RateVerdict } from '../../rate-limit/rate-counter.port.js';
import { rateLimitExceeded } from '../../rate-limit/rate-limit-error.js';
import type { TalksySocket } from './talksy-socket.js';

/** A client hears of its limit from this share of it on. */
const NEAR_THE_END = 0.2;

/** The limit on messages, for every family that speaks over sockets. */
@Injectable()
export class SocketMessageLimits {
  constructor(private readonly limit: MessageLimit) {}

  /**
   * Starts the answer to a message, if the sender may still have one; RATE_LIMIT_EXCEEDED otherwise. What is let through
   * counts, also where it is refused later (RUN_IN_PROGRESS, say); a message sent again that follows its first run does not.
   */
  async admit<Started extends { created: boolean }>(
    socket: TalksySocket,
    start: () => Promise<Started>,
  ): Promise<Started> {
    const sender = senderOf(socket);
    const verdict = await this.limit.take(sender);
    if (verdict) tell(socket, verdict);
    if (verdict && !verdict.allowed) throw rateLimitExceeded('messages', verdict);
    const started = await start();
    if (!started.created) await this.limit.giveBack(sender, verdict);
    return started;
  }
}

/** Guests of one address share its window: being another guest costs nothing. */
function senderOf({ data }: TalksySocket): MessageSender {
  const { userId, role, apiKeyId } = data.principal;
  const isGuest = role === 'guest';
  return { userId: isGuest ? `guests of ${callerOfAddress(data.address)}` : userId, byApiKey: apiKeyId !== undefined };
}

function tell(socket: TalksySocket, { remaining, limit, resetAt }: RateVerdict): void {
  if (remaining > limit * NEAR_THE_END) return;
  socket.emit('rate_limit', { remaining, limit, resetAt: new Date(resetAt).toISOString() });
}
