import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { AuthConfig } from '../../config/config.js';

/** The 31 characters of digest that follow the salt in a bcrypt hash. */
const DIGEST_LENGTH = 31;

/** Password hashes: bcrypt, computed off the event loop. Whoever calls keeps passwords within 72 bytes. */
@Injectable()
export class Passwords {
  /** A hash of the right cost that belongs to no password. */
  private readonly decoy: string;

  constructor(private readonly config: AuthConfig) {
    this.decoy = bcrypt.genSaltSync(config.bcryptRounds) + '.'.repeat(DIGEST_LENGTH);
  }

  hash(password: string): Promise<string> {
    return bcrypt.hash(password, this.config.bcryptRounds);
  }

  /** Whether this is the password. Without a hash it compares too, so that an unknown email takes as long to refuse. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const equal = await bcrypt.compare(password, hash ?? this.decoy);
    return equal && hash !== undefined;
  }
}
