import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { AuthConfig } from '../../config/config.js';
import type { SecretStore } from '../secret-store.port.js';

const KEY_ID_LENGTH = 12;

/** A key that signs access tokens, and the name by which tokens refer to it (`kid`). */
export interface TokenKey {
  id: string;
  key: KeyObject;
}

/** The keys of the room, as key objects: these do not show their bytes when they are logged. */
export class Secrets {
  constructor(
    /** Access tokens: the first one signs, all of them verify. */
    private readonly tokenKeys: readonly [TokenKey, ...TokenKey[]],
    /** Derives refresh tokens; outlives changes of the others. */
    readonly refreshKey: KeyObject,
  ) {}

  /** Takes each key from the configuration, else the one that the store keeps. */
  static async load(config: AuthConfig, store: SecretStore): Promise<Secrets> {
    const [jwt, refresh] = await Promise.all([
      config.jwtSecret ?? store.load('jwt'),
      config.refreshSecret ?? store.load('refresh'),
    ]);
    const previous = config.jwtPreviousSecrets.map((secret) => tokenKey(keyOf(secret)));
    return new Secrets([tokenKey(keyOf(jwt)), ...previous], keyOf(refresh));
  }

  /** What new tokens are signed with. */
  get signing(): TokenKey {
    return this.tokenKeys[0];
  }

  /**
   * The key to verify this token with: always one of ours, whatever the token says of itself. Tokens without a `kid`
   * (older ones) are tried with each key; where none fits, the signing one will refuse it.
   */
  verifying(token: string): KeyObject {
    if (this.tokenKeys.length === 1) return this.signing.key;
    const [header = '', payload = '', signature = ''] = token.split('.');
    const named = this.tokenKeys.find(({ id }) => id === keyIdIn(header));
    const fitting = () => this.tokenKeys.find(({ key }) => fits(key, `${header}.${payload}`, signature));
    return (named ?? fitting() ?? this.signing).key;
  }
}

/** The id tells nothing of the key: it is a MAC under it. */
export function tokenKey(key: KeyObject): TokenKey {
  const id = createHmac('sha256', key).update('talksy key id').digest('base64url').slice(0, KEY_ID_LENGTH);
  return { id, key };
}

const keyOf = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'));

function keyIdIn(header: string): unknown {
  try {
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown } | null)?.kid;
  } catch {
    return undefined;
  }
}

function fits(key: KeyObject, signed: string, signature: string): boolean {
  const [ours, theirs] = [createHmac('sha256', key).update(signed).digest(), Buffer.from(signature, 'base64url')];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
