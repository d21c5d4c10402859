import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../common/clock.js';
import { TalksyError } from '../../common/errors/talksy-error.js';
import { newSecretId } from '../../common/ids.js';
import { RateCounter, type RateRule } from '../../rate-limit/rate-counter.port.js';
import { CredentialService } from '../credential.service.js';
import { MAX_CREDENTIAL_LENGTH } from '../credentials/sent-credential.js';
import type { Principal } from '../principal.js';
import { TOKEN_TOLERANCE_MS } from '../tokens/token-rules.js';

/** A ticket is no access token and an access token is no ticket: each is meant for another audience. */
const AUDIENCE = 'talksy-stream';
const LIFE_SECONDS = 30;
/** A ticket is let through once in more than its life: the counter, which all nodes share, remembers that it was. */
const SINGLE_USE: RateRule = {
  name: 'stream-ticket',
  limit: 1,
  windowMs: LIFE_SECONDS * 1000 + 2 * TOKEN_TOLERANCE_MS,
};

type Caller = Omit<Principal, 'expiresAt'> & { endsAt?: number };

interface TicketClaims {
  jti: string;
  /** Seconds since the epoch. */
  exp: number;
  caller: Caller;
}

export interface StreamTicket {
  ticket: string;
  /** Seconds from now. */
  expiresIn: number;
}

/** Tickets that open one event stream each, for clients that can set no header: they may stand in a URL. */
@Injectable()
export class StreamTickets {
  constructor(
    private readonly jwt: JwtService,
    private readonly credentials: CredentialService,
    private readonly uses: RateCounter,
    private readonly clock: Clock,
  ) {}

  /** A ticket for this caller, good once and for 30 s. */
  async issue({ expiresAt, ...principal }: Principal): Promise<StreamTicket> {
    const issuedAt = Math.floor(this.clock.now() / 1000);
    const caller: Caller = { ...principal, ...(Number.isFinite(expiresAt) && { endsAt: expiresAt }) };
    const claims = { jti: newSecretId(), iat: issuedAt, exp: issuedAt + LIFE_SECONDS, caller };
    return { ticket: await this.jwt.signAsync(claims, { audience: AUDIENCE }), expiresIn: LIFE_SECONDS };
  }

  /** Who it was issued for, if their credential still stands. Throws UNAUTHORIZED, also for a ticket that was used. */
  async redeem(ticket: string): Promise<Principal> {
    if (ticket.length > MAX_CREDENTIAL_LENGTH) throw badTicket();
    const { jti, exp, caller } = await this.jwt
      .verifyAsync<TicketClaims>(ticket, { audience: AUDIENCE })
      .catch((cause: unknown) => {
        throw badTicket(cause);
      });
    if (this.clock.now() >= exp * 1000 + TOKEN_TOLERANCE_MS) throw badTicket();
    if (!(await this.uses.take(SINGLE_USE, jti)).allowed) throw badTicket();
    const { endsAt, ...principal } = caller;
    return this.credentials.recheck({ ...principal, expiresAt: endsAt ?? Infinity });
  }
}

/** One answer for all that can be wrong with it: none of them can be mended but by a new one. */
const badTicket = (cause?: unknown): TalksyError =>
  new TalksyError('UNAUTHORIZED', 'The ticket is spent or not valid; get a new one from POST /auth/stream-ticket.', {
    cause,
  });
