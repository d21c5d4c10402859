/** The keys that the server makes for itself where none are configured. */
export type SecretName = 'jwt' | 'refresh';

/**
 * Keeps generated keys. A secret is made at its first `load` and never changes after: of callers that race, in one
 * process or several, all get the same value. At least 256 bits; different names have unrelated values.
 */
export abstract class SecretStore {
  abstract load(name: SecretName): Promise<string>;
}
