import { RedisScript } from '../redis/redis-script.js';

/*
 * One key, a hash: `o` owner, `e` epoch, `u` until when (ms, Redis' own clock; 0 once released). It outlives the lease,
 * so that an earlier term cannot come back.
 */
const NOW_MS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** How long the last term is remembered; the run log fences an older owner in any case. */
const REMEMBERED_MS = 3_600_000;

const HELD_BY_CALLER = `
local lease = redis.call('HMGET', KEYS[1], 'o', 'e', 'u')
local held = lease[1] and tonumber(lease[3]) > now
local mine = lease[1] == ARGV[1] and lease[2] == ARGV[2]
`;

/** Gives the lease to the caller unless another holds it, or a later term had it. KEYS lease. ARGV owner, epoch, ttl (ms). */
export const ACQUIRE = new RedisScript(`${NOW_MS}${HELD_BY_CALLER}
if held and not mine then return 0 end
if lease[2] and tonumber(lease[2]) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'o', ARGV[1], 'e', ARGV[2], 'u', now + tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[3]) + ${REMEMBERED_MS})
return 1
`);

/**
 * Extends each lease for its present holder. KEYS leases. ARGV for each: owner, epoch, ttl (ms).
 * Returns the numbers, from 0, of those that are not the caller's.
 */
export const RENEW = new RedisScript(`${NOW_MS}
local lost = {}
for k = 1, #KEYS do
  local owner, epoch, ttl = ARGV[3 * k - 2], ARGV[3 * k - 1], tonumber(ARGV[3 * k])
  local lease = redis.call('HMGET', KEYS[k], 'o', 'e', 'u')
  if lease[1] == owner and lease[2] == epoch and tonumber(lease[3]) > now then
    redis.call('HSET', KEYS[k], 'u', now + ttl)
    redis.call('PEXPIRE', KEYS[k], ttl + ${REMEMBERED_MS})
  else
    lost[#lost + 1] = k - 1
  end
end
return lost
`);

/** Ends the lease of its present holder; the term is remembered. KEYS lease. ARGV owner, epoch. */
export const RELEASE = new RedisScript(`${NOW_MS}${HELD_BY_CALLER}
if not (held and mine) then return 0 end
redis.call('HSET', KEYS[1], 'u', 0)
return 1
`);

/** The present holder as [owner, epoch], or nothing. KEYS lease. */
export const FIND = new RedisScript(`${NOW_MS}
local lease = redis.call('HMGET', KEYS[1], 'o', 'e', 'u')
if lease[1] and tonumber(lease[3]) > now then return {lease[1], lease[2]} end
return {}
`);
