import { RedisScript } from '../redis/redis-script.js';

/*
 * One key, a hash: `u` user, `c` conversation, `a` created, `l` last activity, `x` expires (ms, the nodes' clocks), and
 * for each connection `@<id>` until when its node vouches for it. The key itself expires some time after the session,
 * which is only for those that nobody asks for again.
 */
const LOAD = `
local now, slack = tonumber(ARGV[1]), tonumber(ARGV[2])
local flat = redis.call('HGETALL', KEYS[1])
if #flat == 0 then return {} end
local session, live, last = {}, 0, 0
for i = 1, #flat, 2 do
  local name, value = flat[i], flat[i + 1]
  if string.sub(name, 1, 1) ~= '@' then
    session[name] = value
  elseif tonumber(value) > now then
    session[name] = value
    live = live + 1
    last = math.max(last, tonumber(value))
  else
    redis.call('HDEL', KEYS[1], name)
  end
end
if live == 0 and tonumber(session.x) <= now then
  redis.call('DEL', KEYS[1])
  return {}
end
local function keep(untilMs)
  redis.call('PEXPIRE', KEYS[1], math.max(untilMs, last, now) - now + slack)
end
`;

const ANSWER = `
return redis.call('HGETALL', KEYS[1])
`;

/** Writes a session. KEYS session. ARGV now, slack (ms), until when it may be needed, then fields and values. */
export const CREATE = new RedisScript(`
redis.call('DEL', KEYS[1])
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[1], math.max(ARGV[3] - ARGV[1], 0) + ARGV[2])
return 1
`);

/** The session as fields and values, or nothing. KEYS session. ARGV now, slack. */
export const FIND = new RedisScript(LOAD + ANSWER);

/** Adds a connection where the session is this user's. KEYS session. ARGV now, slack, user, connection, vouched until. */
export const ATTACH = new RedisScript(`${LOAD}
if session.u ~= ARGV[3] then return {} end
redis.call('HSET', KEYS[1], '@' .. ARGV[4], ARGV[5])
keep(math.max(tonumber(ARGV[5]), tonumber(session.x)))
${ANSWER}`);

/** Removes a connection; with the last one gone the expiry is set. KEYS session. ARGV now, slack, connection, expires. */
export const DETACH = new RedisScript(`${LOAD}
if not session['@' .. ARGV[3]] then return {} end
redis.call('HDEL', KEYS[1], '@' .. ARGV[3])
if live == 1 then
  redis.call('HSET', KEYS[1], 'x', ARGV[4])
  last = 0
  keep(tonumber(ARGV[4]))
end
${ANSWER}`);

/** Vouches for connections that it still has. KEYS session. ARGV now, slack, vouched until, connections. */
export const VOUCH = new RedisScript(`${LOAD}
for i = 4, #ARGV do redis.call('HSET', KEYS[1], '@' .. ARGV[i], ARGV[3]) end
keep(math.max(tonumber(ARGV[3]), tonumber(session.x)))
return {}
`);

/** Notes activity and slides the expiry. KEYS session. ARGV now, slack, at, expires. */
export const TOUCH = new RedisScript(`${LOAD}
redis.call('HSET', KEYS[1], 'l', ARGV[3], 'x', ARGV[4])
keep(tonumber(ARGV[4]))
return {}
`);

/** Moves the pointer, or sets it only where it is unset. KEYS session. ARGV now, slack, conversation, 1 if only unset. */
export const POINT = new RedisScript(`${LOAD}
if ARGV[4] == '0' or not session.c then redis.call('HSET', KEYS[1], 'c', ARGV[3]) end
${ANSWER}`);

/** Removes a session that nobody is connected to. Returns its fields where somebody is. KEYS session. ARGV now, slack. */
export const EVICT = new RedisScript(`${LOAD}
if live > 0 then ${ANSWER} end
redis.call('DEL', KEYS[1])
return {}
`);
