import { RedisScript } from '../redis/redis-script.js';

/**
 * Counts one request of a caller in a sliding window, or refuses it; nothing comes in between. Time is Redis' own, so
 * that nodes need not agree on theirs. A refusal writes nothing.
 *
 * KEYS: 1 the caller's window, a list of times in milliseconds, oldest first.  ARGV: 1 limit, 2 window in milliseconds.
 * Returns {allowed 0|1, how many count now, now, newest, the time whose leaving makes room}.
 */
export const takeScript = new RedisScript(`
local key, limit, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local newest = tonumber(redis.call('LINDEX', key, -1) or now)
-- A clock that is set back stands still here until it has caught up.
if newest > now then now = newest end
local oldest = redis.call('LINDEX', key, 0)
while oldest and tonumber(oldest) <= now - window do
  redis.call('LPOP', key)
  oldest = redis.call('LINDEX', key, 0)
end
local count = redis.call('LLEN', key)
if count >= limit then
  return {0, count, now, newest, tonumber(redis.call('LINDEX', key, count - limit))}
end
redis.call('RPUSH', key, string.format('%.0f', now))
redis.call('PEXPIRE', key, window)
return {1, count + 1, now, now, tonumber(oldest or now)}
`);
