import { RedisScript } from '../redis/redis-script.js';

/*
 * Two keys of one hash tag hold a run. The head is a hash: `e` epoch, `n` next seq, `x` 1 once it has ended, `t` the
 * terminal record, `s` 1 once a stop is asked for, `o` the node that opened it last. The stream has the records as JSON
 * in `r`; an entry's id is its seq + 1, so that a command that is sent twice can never add a record twice.
 */

/**
 * Begins a term: from its end on nothing of a lower epoch is appended. Creates the head where there is none.
 * KEYS head, stream. ARGV epoch, node, lifetime of a live log (ms).
 * Returns [reason or 'ok', next seq, stop, terminal or ''].
 */
export const OPEN = new RedisScript(`
local head = redis.call('HMGET', KEYS[1], 'e', 'n', 's', 'x', 't')
if head[1] and tonumber(head[1]) > tonumber(ARGV[1]) then return {'stale-epoch', 0, 0, ''} end
redis.call('HSET', KEYS[1], 'e', ARGV[1], 'o', ARGV[2], 'n', head[2] or '0')
if head[4] ~= '1' then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
return {'ok', tonumber(head[2] or '0'), tonumber(head[3] or '0'), head[5] or ''}
`);

/**
 * Appends to several runs. Of each run it takes the batch whole or not at all, once however often it is sent, and wakes
 * the readers with one message. Refuses another record at a taken seq, another term than the log's, anything behind the
 * terminal, a gap, too many records. Where the log's term is earlier than the writer's, the writer has to open it again.
 * KEYS head and stream of each run. ARGV lifetime of a live log (ms), retention of an ended one (ms), greatest number of
 * records, then for each run: channel, term of the writer, number of records, and for each record: seq, 1 if terminal, JSON.
 * Returns only what the writer does not expect, which is that all is taken, nothing was there behind it, and no stop is
 * asked for. For each such run: its number from 0; reason, 'unknown', 'earlier-term' or 'ok'; next seq; stop.
 */
export const APPEND = new RedisScript(`
local function append(head_key, stream, at, count)
  local head = redis.call('HMGET', head_key, 'e', 'n', 's', 'x')
  if not head[1] then return 'unknown', 0, 0 end
  local standing, stop, ended = tonumber(head[2]), tonumber(head[3] or '0'), head[4] == '1'
  local term, writer = tonumber(head[1]), tonumber(ARGV[at + 1])
  local next, terminal, fresh = standing, nil, {}
  for i = at + 3, at + 3 * count, 3 do
    local seq, held = tonumber(ARGV[i]), false
    if seq < standing then
      local id = string.format('%d-1', seq + 1)
      local entry = redis.call('XRANGE', stream, id, id)[1]
      held = entry ~= nil and entry[2][2] == ARGV[i + 2]
    end
    if not held then
      if seq < next then return 'seq-taken', standing, stop end
      if term < writer then return 'earlier-term', standing, stop end
      if term > writer then return 'stale-epoch', standing, stop end
      if ended then return 'ended', standing, stop end
      if seq ~= next then return 'gap', standing, stop end
      if ARGV[i + 1] == '1' then
        ended = true
        terminal = ARGV[i + 2]
      end
      next = next + 1
      fresh[#fresh + 1] = ARGV[i + 2]
    end
  end
  if #fresh == 0 then return 'ok', standing, stop end
  if next > tonumber(ARGV[3]) then return 'full', standing, stop end
  for offset, record in ipairs(fresh) do
    redis.call('XADD', stream, string.format('%d-1', standing + offset), 'r', record)
  end
  if terminal then
    redis.call('HSET', head_key, 'n', next, 'x', '1', 't', terminal)
    redis.call('PEXPIRE', head_key, ARGV[2])
    redis.call('PEXPIRE', stream, ARGV[2])
  else
    redis.call('HSET', head_key, 'n', next)
    if standing == 0 then redis.call('PEXPIRE', stream, ARGV[1]) end
  end
  redis.call('PUBLISH', ARGV[at], next)
  return 'ok', next, stop
end

local replies, at = {}, 4
for k = 1, #KEYS, 2 do
  local count = tonumber(ARGV[at + 2])
  local reason, next, stop = append(KEYS[k], KEYS[k + 1], at, count)
  if count == 0 or reason ~= 'ok' or stop ~= 0 or next ~= tonumber(ARGV[at + 3 * count]) + 1 then
    local n = #replies
    replies[n + 1], replies[n + 2], replies[n + 3], replies[n + 4] = (k - 1) / 2, reason, next, stop
  end
  at = at + 3 + 3 * count
end
return replies
`);

/**
 * Notes that a stop is asked for and wakes the node that opened the log. Returns 0 where there is no log.
 * KEYS head. ARGV beginning of the channel names of nodes, run id.
 */
export const REQUEST_STOP = new RedisScript(`
local node = redis.call('HGET', KEYS[1], 'o')
if not node then return 0 end
redis.call('HSET', KEYS[1], 's', '1')
redis.call('PUBLISH', ARGV[1] .. node, ARGV[2])
return 1
`);

/**
 * Keeps an ended log for the retention, drops any other at once and sends its readers away.
 * KEYS head, stream. ARGV retention (ms), channel.
 */
export const RETIRE = new RedisScript(`
if tonumber(ARGV[1]) > 0 and redis.call('HGET', KEYS[1], 'x') == '1' then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[2], ARGV[1])
else
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('PUBLISH', ARGV[2], 'gone')
end
return 1
`);
