import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** Ports on which the web is. */
const PORTS: ReadonlySet<number> = new Set([80, 443]);
/** Looks public, but answers for the machine it is asked from (Azure's platform address). */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16']);

/** What of the network tools may reach: public addresses, whatever a name or a redirect says. */
export class PublicNetwork {
  /** Every address of the host. Rejects as dns.lookup does. */
  async resolve(hostname: string): Promise<readonly string[]> {
    return (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);
  }

  /** False for what is private, local, reserved or translated, in IPv4, IPv6 and IPv4 written as IPv6. */
  allows(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const plain = ipaddr.process(address);
    return plain.range() === 'unicast' && !METADATA.has(plain.toString());
  }

  allowsPort(port: number): boolean {
    return PORTS.has(port);
  }
}
