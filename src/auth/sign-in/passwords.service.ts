import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { AuthConfig } from '../../config/config.js';
import { BoundedQueue } from './bounded-queue.js';

/** The 31 characters of digest that follow the salt in a bcrypt hash. */
const DIGEST_LENGTH = 31;

/** Half of Node's thread pool: files, names and compression need the rest, whatever a flood of logins does. */
const BOUNDS = { concurrency: 2, maxWaiting: 200, patienceMs: 10_000 };

/**
 * Password hashes: bcrypt, computed off the event loop, a few at once; OVERLOADED where too many wait. Whoever calls
 * keeps passwords within 72 bytes.
 */
@Injectable()
export class Passwords {
  /** A hash of the right cost that belongs to no password. */
  private readonly decoy: string;
  private readonly queue = new BoundedQueue(BOUNDS);

  constructor(private readonly config: AuthConfig) {
    this.decoy = bcrypt.genSaltSync(config.bcryptRounds) + '.'.repeat(DIGEST_LENGTH);
  }

  hash(password: string): Promise<string> {
    return this.queue.run(() => bcrypt.hash(password, this.config.bcryptRounds));
  }

  /** Whether this is the password. Without a hash it compares too, so that an unknown email takes as long to refuse. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const equal = await this.queue.run(() => bcrypt.compare(password, hash ?? this.decoy));
    return equal && hash !== undefined;
  }
}
