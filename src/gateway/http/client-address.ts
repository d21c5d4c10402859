import type { IncomingMessage } from 'node:http';

/** Whether the proxy at `address`, `hop` steps from here, is trusted to tell who called it. */
export type ProxyTrust = (address: string, hop: number) => boolean;

/** What TRUST_PROXY says, as Express has compiled it, for requests that never reach Express. */
export function proxyTrustOf(app: { getHttpAdapter(): { getInstance(): unknown } }): ProxyTrust {
  const express = app.getHttpAdapter().getInstance() as { get(setting: string): unknown };
  return express.get('trust proxy fn') as ProxyTrust;
}

/**
 * Whose request this is: the nearest address that no trusted proxy has vouched for, as Express finds `req.ip`. Without
 * trust it is the other end of the connection, whatever X-Forwarded-For claims. Undefined once that is closed.
 */
export function clientAddress({ socket, headers }: IncomingMessage, trusts: ProxyTrust): string | undefined {
  const claimed = String(headers['x-forwarded-for'] ?? '').split(',');
  const path = [socket.remoteAddress ?? '', ...claimed.reverse().map((address) => address.trim())].filter(Boolean);
  return path.find((address, hop) => !trusts(address, hop)) ?? path.at(-1);
}
