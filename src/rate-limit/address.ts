import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What a proxy may write around an address: `203.0.113.7:49152`, `[2001:db8::1]:49152`. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

const IPV6_NETWORK_BITS = 64;

/**
 * Who an address is, for counting: IPv4 as it is (also where it is written as IPv6), IPv6 by its /64 network, since one
 * household or host has the whole of that. Everything that is no address is one caller, `unknown`.
 */
export function callerOfAddress(address: string | undefined): string {
  const [, bracketed, plain] = WITH_PORT.exec(address ?? '') ?? [];
  const [bare = ''] = (bracketed ?? plain ?? address ?? '').split('%', 1);
  if (!isIP(bare)) return 'unknown';
  const parsed = ipaddr.process(bare);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_NETWORK_BITS}`).toString()}/64`;
}
