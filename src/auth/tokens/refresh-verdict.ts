import type { StoredRefreshToken } from '../token-family-store.port.js';

/** For so long a spent token yields the same successor again: two tabs, or a reply that was lost. */
export const ROTATION_WINDOW_MS = 10_000;

/**
 * - `rotate`: unspent, exchange it. - `repeat`: just spent, give the same successor again.
 * - `reused`: spent for good, so somebody has a copy. - `ended`: the sign-in is over.
 */
export type RefreshVerdict = 'rotate' | 'repeat' | 'reused' | 'ended';

/** Decides what a refresh token is worth. Reuse is told from an ended sign-in, so that a thief's victim learns of it. */
export function judgeRefresh({ family, spentAt, successorSpent }: StoredRefreshToken, nowMs: number): RefreshVerdict {
  const expired = spentAt !== undefined && (successorSpent || nowMs - spentAt.getTime() > ROTATION_WINDOW_MS);
  if (expired) return 'reused';
  if (family.revokedAt || family.expiresAt.getTime() <= nowMs) return 'ended';
  return spentAt ? 'repeat' : 'rotate';
}
