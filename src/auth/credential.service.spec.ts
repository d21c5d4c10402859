import { JwtService } from '@nestjs/jwt';
import { FakeClock } from '../../test/support/fake-clock.js';
import { MemoryApiKeyStore } from '../../test/support/memory-api-key-store.js';
import { MemoryTokenFamilyStore } from '../../test/support/memory-token-family-store.js';
import { MemoryUserStore } from '../../test/support/memory-user-store.js';
import { newRowId } from '../common/ids.js';
import { loadConfig } from '../config/load-config.js';
import { MemoryEventBus } from '../storage/event-bus/memory-event-bus.adapter.js';
import { Accounts } from '../user/accounts.service.js';
import { ApiKeyProof } from './api-keys/api-key-proof.service.js';
import { ApiKeys } from './api-keys/api-keys.service.js';
import { KeyUse } from './api-keys/key-use.service.js';
import { ServiceKeys } from './api-keys/service-keys.service.js';
import { CredentialService } from './credential.service.js';
import { AccountStanding } from './credentials/account-standing.service.js';
import { CredentialCache } from './credentials/credential-cache.service.js';
import { AccessTokens } from './tokens/access-tokens.service.js';
import { TokenProof } from './tokens/token-proof.service.js';
import { SIGN_RULES, VERIFY_RULES } from './tokens/token-rules.js';

const WEEK_MS = 604_800_000;
const SERVICE_KEY = 's'.repeat(32);

/** Counts what a check costs. */
class CountingTokens extends AccessTokens {
  verified = 0;

  override async verify(token: string) {
    this.verified += 1;
    return super.verify(token);
  }
}

async function signIn(env: NodeJS.ProcessEnv = {}, lifeMs = WEEK_MS) {
  const { auth, store } = loadConfig({ API_KEYS: `billing:${SERVICE_KEY}`, ...env });
  const clock = new FakeClock();
  const [families, users, keyStore] = [
    new MemoryTokenFamilyStore(clock),
    new MemoryUserStore(),
    new MemoryApiKeyStore(),
  ];
  const [bus, accounts] = [new MemoryEventBus(), new Accounts(users)];
  const jwt = new JwtService({ secret: 's'.repeat(32), signOptions: SIGN_RULES, verifyOptions: VERIFY_RULES });
  const tokens = new CountingTokens(jwt, clock, auth);
  const cache = new CredentialCache(auth, store, clock, bus);
  const standing = new AccountStanding(accounts, cache);
  const services = new ServiceKeys(auth, accounts);
  await services.onApplicationBootstrap();
  const uses = new KeyUse(keyStore, clock);
  const proof = new ApiKeyProof(keyStore, services, standing, uses, clock);
  const credentials = new CredentialService(new TokenProof(tokens, families, standing, clock), proof, cache);
  const user = await accounts.create('ada@example.com', 'hash');
  const familyId = newRowId();
  await families.open({ id: familyId, userId: user.id, expiresAt: new Date(clock.now() + lifeMs) }, 'hash');
  const { accessToken } = await tokens.issue(user, familyId);
  const keys = new ApiKeys(keyStore, bus, clock);
  return {
    accessToken,
    accounts,
    bus,
    cache,
    clock,
    credentials,
    families,
    familyId,
    keys,
    keyStore,
    tokens,
    user,
    users,
    uses,
  };
}

const DENIED = { code: 'UNAUTHORIZED' };

describe('Talksy, given a credential,', () => {
  it('says whose it is and how long it lasts', async () => {
    const { clock, user, familyId, accessToken, credentials } = await signIn();
    expect(await credentials.authenticate(accessToken)).toEqual({
      userId: user.id,
      role: 'user',
      familyId,
      tokenId: expect.any(String),
      expiresAt: clock.now() + 900_000,
    });
  });

  it('refuses one whose sign-in has expired, though it was remembered', async () => {
    const { clock, accessToken, credentials } = await signIn({}, 1000);
    expect(await credentials.authenticate(accessToken)).toMatchObject({ expiresAt: clock.now() + 1000 });
    clock.advance(1000);
    await expect(credentials.authenticate(accessToken)).rejects.toMatchObject(DENIED);
  });

  it('refuses what is no token at all', async () => {
    const { credentials } = await signIn();
    for (const token of ['', 'a.b.c', 'x'.repeat(100_000), 'tk_unknown']) {
      await expect(credentials.authenticate(token)).rejects.toMatchObject(DENIED);
    }
  });

  it('checks a repeated token without its signature and without a store', async () => {
    const { accessToken, credentials, families, tokens, users } = await signIn();
    const first = await credentials.authenticate(accessToken);
    const cost = () => [tokens.verified, families.lookups, users.lookups];
    const before = cost();
    expect(await credentials.authenticate(accessToken)).toBe(first);
    expect(cost()).toEqual(before);
  });

  it('checks every time where remembering is switched off', async () => {
    const { accessToken, credentials, tokens } = await signIn({ AUTH_CACHE_ENABLED: 'false' });
    for (const times of [1, 2]) {
      await credentials.authenticate(accessToken);
      expect(tokens.verified).toBe(times);
    }
  });

  it('remembers no token beyond its end', async () => {
    const { accessToken, clock, credentials } = await signIn({ AUTH_CACHE_TOKEN_TTL_MS: '86400000' });
    await credentials.authenticate(accessToken);
    clock.advance(905_000);
    await expect(credentials.authenticate(accessToken)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it('looks again after a second where other nodes cannot tell it of a logout', async () => {
    const { accessToken, clock, credentials, families, familyId } = await signIn({ DATABASE_URL: 'postgres://u@h/d' });
    await credentials.authenticate(accessToken);
    await families.revoke(familyId);
    clock.advance(1000);
    await expect(credentials.authenticate(accessToken)).rejects.toMatchObject(DENIED);
  });

  it('looks then for the sign-in and the account only: a signature that was good once stays good', async () => {
    const { accessToken, clock, credentials, families, tokens, users } = await signIn({
      DATABASE_URL: 'postgres://u@h/d',
    });
    const first = await credentials.authenticate(accessToken);
    const lookups = [families.lookups, users.lookups];
    for (const times of [1, 2]) {
      clock.advance(1000);
      expect(await credentials.authenticate(accessToken)).toEqual(first);
      expect([families.lookups, users.lookups]).toEqual(lookups.map((before) => before + times));
    }
    expect(tokens.verified).toBe(1);
    clock.advance(905_000);
    await expect(credentials.authenticate(accessToken)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  it.each<[string, (parts: Awaited<ReturnType<typeof signIn>>) => Promise<unknown>, object]>([
    [
      'its sign-in',
      async ({ bus, families, familyId }) => {
        await families.revoke(familyId);
        await bus.publish('family.revoked', { familyId });
      },
      DENIED,
    ],
    [
      'its account',
      async ({ accounts, bus, user: { id } }) => {
        await accounts.change(id, { disabled: true });
        await bus.publish('account.ended', { userId: id, reason: 'disabled' });
      },
      { code: 'ACCOUNT_DISABLED' },
    ],
    [
      'its deleted account',
      async ({ accounts, bus, user: { id } }) => {
        await accounts.delete(id);
        await bus.publish('account.ended', { userId: id, reason: 'deleted' });
      },
      DENIED,
    ],
  ])('forgets it with the end of %s', async (_what, end, refusal) => {
    const parts = await signIn();
    const principal = await parts.credentials.authenticate(parts.accessToken);
    await end(parts);
    await expect(parts.credentials.authenticate(parts.accessToken)).rejects.toMatchObject(refusal);
    await expect(parts.credentials.recheck(principal)).rejects.toMatchObject(refusal);
  });

  it('sees a change of role at once', async () => {
    const { accessToken, accounts, bus, credentials, user } = await signIn();
    const principal = await credentials.authenticate(accessToken);
    await accounts.change(user.id, { role: 'admin' });
    await bus.publish('account.changed', { userId: user.id });
    expect(await credentials.recheck(principal)).toEqual({ ...principal, role: 'admin' });
    expect(await credentials.authenticate(accessToken)).toMatchObject({ role: 'admin' });
  });

  it('hears nothing more once it is closed', async () => {
    const { accessToken, bus, cache, credentials, familyId } = await signIn();
    await credentials.authenticate(accessToken);
    cache.onModuleDestroy();
    await bus.publish('family.revoked', { familyId });
    expect(cache.find(accessToken)).toBeDefined();
  });
});

describe('Talksy, given an API key,', () => {
  it('acts for its account until it is revoked', async () => {
    const { credentials, keys, keyStore, user } = await signIn();
    const { key, stored } = await keys.create(user.id, { name: 'laptop' });
    const principal = await credentials.authenticate(key);
    const expected = { userId: user.id, role: 'user', apiKeyId: stored.id, tokenId: stored.id, expiresAt: Infinity };
    expect(principal).toEqual(expected);
    expect(await credentials.authenticate(key)).toBe(principal);
    expect(keyStore.lookups).toBe(1);
    expect(await credentials.recheck(principal)).toEqual(principal);
    await keys.revoke(user.id, stored.id);
    await expect(credentials.authenticate(key)).rejects.toMatchObject(DENIED);
    await expect(credentials.recheck(principal)).rejects.toMatchObject(DENIED);
  });

  it('refuses it after its end, though it was remembered', async () => {
    const { clock, credentials, keys, user } = await signIn();
    const expiresAt = new Date(clock.now() + 1000).toISOString();
    const { key } = await keys.create(user.id, { name: 'laptop', expiresAt });
    expect(await credentials.authenticate(key)).toMatchObject({ expiresAt: clock.now() + 1000 });
    clock.advance(1000);
    await expect(credentials.authenticate(key)).rejects.toMatchObject(DENIED);
  });

  it('writes its last use down, at most once a minute', async () => {
    const { clock, credentials, keys, keyStore, user, uses } = await signIn();
    const { key, stored } = await keys.create(user.id, { name: 'laptop' });
    for (let i = 0; i < 3; i++) await credentials.authenticate(key);
    clock.advance(60_001);
    const at = new Date(clock.now());
    await credentials.authenticate(key);
    await uses.onModuleDestroy();
    expect(keyStore.uses).toBe(2);
    expect(await keyStore.find(stored.id)).toMatchObject({ lastUsedAt: at });
  });

  it('does not mind when its use cannot be written down', async () => {
    const { credentials, keys, keyStore, user, uses } = await signIn();
    const { key } = await keys.create(user.id, { name: 'laptop' });
    keyStore.noteUse = () => Promise.reject(new Error('no database'));
    expect(await credentials.authenticate(key)).toMatchObject({ userId: user.id });
    await uses.onModuleDestroy();
  });

  it('knows the services of its configuration, each by an account of its own', async () => {
    const { accounts, bus, credentials, keyStore } = await signIn();
    const principal = await credentials.authenticate(SERVICE_KEY);
    expect(principal).toMatchObject({ role: 'service', apiKeyId: 'service:billing', expiresAt: Infinity });
    expect(await accounts.find(principal.userId)).toMatchObject({ email: 'billing@service.invalid' });
    expect(await credentials.recheck(principal)).toEqual(principal);
    expect(keyStore.uses).toBe(0);
    await accounts.change(principal.userId, { disabled: true });
    await bus.publish('account.ended', { userId: principal.userId, reason: 'disabled' });
    await expect(credentials.authenticate(SERVICE_KEY)).rejects.toMatchObject({ code: 'ACCOUNT_DISABLED' });
  });

  it('makes no more keys than an account may have, and none that has ended', async () => {
    const { clock, keys, user } = await signIn();
    const past = new Date(clock.now()).toISOString();
    await expect(keys.create(user.id, { name: 'late', expiresAt: past })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field: 'expiresAt', message: 'expiresAt must be in the future' }],
    });
    for (let i = 0; i < 50; i++) await keys.create(user.id, { name: `key ${i}` });
    await expect(keys.create(user.id, { name: 'one more' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
