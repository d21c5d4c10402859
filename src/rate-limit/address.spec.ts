import { callerOfAddress } from './address.js';

describe('The caller behind an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:49152', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:49152', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
  ])('of %s is %s', (address, caller) => {
    expect(callerOfAddress(address)).toBe(caller);
  });

  it.each([undefined, '', '127.1', '0x7f000001', 'a name', '1.2.3.4.5', 'x'.repeat(10_000)])(
    'is one and the same for what is no address: %s',
    (address) => {
      expect(callerOfAddress(address)).toBe('unknown');
    },
  );
});
