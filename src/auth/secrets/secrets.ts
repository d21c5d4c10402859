import { createSecretKey, type KeyObject } from 'node:crypto';
import type { AuthConfig } from '../../config/config.js';
import type { SecretStore } from '../secret-store.port.js';

/** The two keys of the room, as key objects: these do not show their bytes when they are logged. */
export class Secrets {
  private constructor(
    /** Signs access tokens. */
    readonly jwtKey: KeyObject,
    /** Derives refresh tokens; outlives changes of the other. */
    readonly refreshKey: KeyObject,
  ) {}

  /** Takes each key from the configuration, else the one that the store keeps. */
  static async load(config: AuthConfig, store: SecretStore): Promise<Secrets> {
    const [jwt, refresh] = await Promise.all([
      config.jwtSecret ?? store.load('jwt'),
      config.refreshSecret ?? store.load('refresh'),
    ]);
    return new Secrets(keyOf(jwt), keyOf(refresh));
  }
}

const keyOf = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'));
