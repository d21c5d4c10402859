import { judgeRefresh } from './refresh-verdict.js';

const NOW = 1_000_000_000;
const family = { id: 'f', userId: 'u', expiresAt: new Date(NOW + 1), revokedAt: undefined };
const spent = (agoMs: number) => new Date(NOW - agoMs);

describe('Talksy, judging a refresh token,', () => {
  it.each([
    ['rotate', 'an unspent one', { family, spentAt: undefined, successorSpent: false }],
    ['repeat', 'one spent ten seconds ago', { family, spentAt: spent(10_000), successorSpent: false }],
    ['reused', 'one spent longer ago', { family, spentAt: spent(10_001), successorSpent: false }],
    ['reused', 'one whose successor is spent', { family, spentAt: spent(1), successorSpent: true }],
    [
      'ended',
      'one of a revoked family',
      { family: { ...family, revokedAt: spent(1) }, spentAt: undefined, successorSpent: false },
    ],
    [
      'ended',
      'one of an expired family',
      { family: { ...family, expiresAt: new Date(NOW) }, spentAt: undefined, successorSpent: false },
    ],
    [
      'reused',
      'an old one of a revoked family',
      { family: { ...family, revokedAt: spent(1) }, spentAt: spent(10_001), successorSpent: false },
    ],
    ['repeat', 'one spent by a node whose clock is ahead', { family, spentAt: spent(-500), successorSpent: false }],
  ] as const)('says %s to %s', (verdict, _name, stored) => {
    expect(judgeRefresh(stored, NOW)).toBe(verdict);
  });
});
