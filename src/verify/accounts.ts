import { randomUUID } from 'node:crypto';

/** Registers new accounts over REST; their access tokens. */
export async function registerAccounts(url: string, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < count; i++) {
    const response = await fetch(`${url}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `verify-${randomUUID()}@example.com`, password: randomUUID() }),
      signal: AbortSignal.timeout(10_000),
    });
    const body = (await response.json()) as { data?: { accessToken: string }; message?: string };
    if (!body.data) throw new Error(`an account could not be made: ${body.message ?? response.status}`);
    tokens.push(body.data.accessToken);
  }
  return tokens;
}
