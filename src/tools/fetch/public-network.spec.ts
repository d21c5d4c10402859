import { PublicNetwork } from './public-network.js';

const network = new PublicNetwork();

describe('The network that tools of Talksy may reach', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:8.8.8.8', '172.15.0.1'])(
    'has %s',
    (address) => expect(network.allows(address)).toBe(true),
  );

  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine', '127.9.9.9'],
    ['this machine', '::1'],
    ['this machine', '0.0.0.0'],
    ['this machine', '::'],
    ['this machine, written as IPv6', '::ffff:127.0.0.1'],
    ['this machine, written as IPv6', '::ffff:7f00:1'],
    ['this machine, in an old form of IPv6', '::127.0.0.1'],
    ['this machine, translated', '64:ff9b::7f00:1'],
    ['this machine, tunnelled', '2002:7f00:1::'],
    ['a private network', '10.0.0.1'],
    ['a private network', '172.16.0.1'],
    ['a private network', '192.168.1.1'],
    ['a private network', 'fd00::1'],
    ['a private network, written as IPv6', '::ffff:10.0.0.1'],
    ['a carrier', '100.64.0.1'],
    ['a link', '169.254.1.1'],
    ['a link', 'fe80::1'],
    ['metadata', '169.254.169.254'],
    ['metadata', 'fd00:ec2::254'],
    ['metadata', '100.100.100.200'],
    ['metadata', '168.63.129.16'],
    ['many at once', '224.0.0.1'],
    ['many at once', 'ff02::1'],
    ['many at once', '255.255.255.255'],
    ['nobody', '240.0.0.1'],
    ['nobody', '192.0.2.1'],
    ['nobody', 'example.com'],
    ['nobody', ''],
  ])('has not what belongs to %s: %s', (_whose, address) => expect(network.allows(address)).toBe(false));

  it('is on the ports of the web', () => {
    expect([80, 443, 22, 6379, 0].map((port) => network.allowsPort(port))).toEqual([true, true, false, false, false]);
  });

  it('knows the addresses of a name', async () => {
    const addresses = await network.resolve('localhost');
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.some((address) => network.allows(address))).toBe(false);
  });
});
