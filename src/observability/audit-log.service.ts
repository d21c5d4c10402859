import { Injectable, Logger } from '@nestjs/common';
import { summarizeError } from '../common/errors/talksy-error.js';

/** Something that concerns the security of accounts. Never holds a password, a token or a key. */
export interface AuditedEvent {
  /** What was tried, as `noun.verb`. */
  what: string;
  /** The address it came from. */
  from: string | undefined;
  /** The account that acted, by id, once it is known. */
  who?: string;
  /** The email that was given, where nobody is signed in. */
  email?: string;
  /** What it was done to, by id: another account, a key, a sign-in. */
  about?: string;
}

/** One line for every security event: who, what, from where, and what became of it. */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger('Audit');

  /** Does something and notes the outcome. `work` may complete the event with what it learns on the way. */
  async witness<T>(event: AuditedEvent, work: (event: AuditedEvent) => Promise<T>): Promise<T> {
    try {
      const result = await work(event);
      this.note(event);
      return result;
    } catch (error) {
      this.note(event, error);
      throw error;
    }
  }

  /** Notes something that has happened; `error` is why it was refused. */
  note({ what, from, who, email, about }: AuditedEvent, error?: unknown): void {
    const result = error === undefined ? 'ok' : summarizeError(error).code;
    this.logger.log({ audit: what, result, from, who, email, about }, `${what}: ${result}`);
  }
}
