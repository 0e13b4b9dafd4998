-- Commits one decision about one aggregate: all of it or nothing. Every check comes before the first write.
--
-- KEYS[1] HASH   the aggregate: v version, s state, c correlation id, "from:<source>|<subject>" version
-- KEYS[2] HASH   counters of the partition
-- KEYS[3] ZSET   timers of the partition
-- KEYS[4] STREAM events of the partition
-- KEYS[5] HASH   request record: f fingerprint, i aggregate id, v version, s state (KEYS[1] if there is no request id)
-- KEYS[6] STRING lease of the partition (KEYS[1] if there is no fence)
-- KEYS[7] STREAM acknowledged stream (KEYS[1] if none)
-- KEYS[8] HASH   positions of the acknowledged stream's groups (KEYS[1] if none)
-- KEYS[9..]      STRING claims to take, STRING claims to release, ZSET indexes to add to, ZSET indexes to remove from
--
-- ARGV[1] id             ARGV[2] holder, "<kind>|<id>"
-- ARGV[3] loaded version ARGV[4] next version (equal: nothing changes)
-- ARGV[5] next state     ARGV[6] correlation id
-- ARGV[7] request fingerprint, empty: none      ARGV[8] its retention, ms
-- ARGV[9] lease that must hold, empty: none
-- ARGV[10] field of the cause, empty: none      ARGV[11] its version
-- ARGV[12] group that acknowledges, empty: none ARGV[13] entry id
-- ARGV[14..20] numbers of: claims taken, claims released, counter moves, index additions, index removals,
--              timers set, timers cleared; the rest are events
-- ARGV[21..]   counter, delta | score, member | member | due ms, member | member | serialized event
--
-- Returns {code, ...}: {0} done; {1, version, state, id} repeated; {-1} fenced; {-2} request id reused;
--   {-3} version conflict; {-4, n, holder} the n-th claim is held; {-5, n, left} the n-th counter is too low
-- Emits   the events to KEYS[4], field e
-- Prelude entry_ids.lua: after, before
local aggregate, counters, timers, events = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local request, lease, acked_stream, positions = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local id, me, loaded, version, state, correlation = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local fingerprint, retention_ms, my_lease = ARGV[7], ARGV[8], ARGV[9]
local cause, cause_version, group, entry = ARGV[10], ARGV[11], ARGV[12], ARGV[13]
local n = {take = tonumber(ARGV[14]), release = tonumber(ARGV[15]), count = tonumber(ARGV[16]),
           add = tonumber(ARGV[17]), remove = tonumber(ARGV[18]), set = tonumber(ARGV[19]),
           clear = tonumber(ARGV[20])}
local call = redis.call

-- Where each list starts in KEYS and ARGV.
local take_key = 8
local release_key = take_key + n.take
local add_key = release_key + n.release
local remove_key = add_key + n.add
local count_arg = 20
local add_arg = count_arg + 2 * n.count
local remove_arg = add_arg + 2 * n.add
local set_arg = remove_arg + n.remove
local clear_arg = set_arg + 2 * n.set
local event_arg = clear_arg + n.clear

-- The position is what a lost group may start after: nothing before it is pending.
local function acknowledge()
  if group == '' or call('XACK', acked_stream, group, entry) == 0 then return end
  local pending = redis.pcall('XPENDING', acked_stream, group)
  local position = entry
  if pending[1] and pending[1] > 0 then position = before(pending[2]) end
  local known = call('HGET', positions, group)
  if not known or after(position, known) then call('HSET', positions, group, position) end
end

if my_lease ~= '' and call('GET', lease) ~= my_lease then return {-1} end

if fingerprint ~= '' then
  local first = call('HMGET', request, 'f', 'v', 's', 'i')
  if first[1] then
    if first[1] ~= fingerprint then return {-2} end
    acknowledge()
    return {1, first[2], first[3], first[4]}
  end
end

local current = call('HMGET', aggregate, 'v', 's')
local current_version = current[1] or '0'
if cause ~= '' then
  local handled = call('HGET', aggregate, cause)
  if handled and tonumber(handled) >= tonumber(cause_version) then
    acknowledge()
    return {1, current_version, current[2] or '', id}
  end
end
if current_version ~= loaded then return {-3} end

for i = 1, n.take do
  local holder = call('GET', KEYS[take_key + i])
  if holder and holder ~= me then return {-4, i, holder} end
end
for i = 1, n.count do
  local left = call('HGET', counters, ARGV[count_arg + 2 * i - 1]) or '0'
  local delta = tonumber(ARGV[count_arg + 2 * i])
  if delta < 0 and tonumber(left) + delta < 0 then return {-5, i, left} end
end

if version ~= loaded then
  call('HSET', aggregate, 'v', version, 's', state)
  if loaded == '0' then call('HSET', aggregate, 'c', correlation) end
  for i = 1, n.release do
    if call('GET', KEYS[release_key + i]) == me then call('DEL', KEYS[release_key + i]) end
  end
  for i = 1, n.take do call('SET', KEYS[take_key + i], me) end
  for i = 1, n.count do
    call('HINCRBY', counters, ARGV[count_arg + 2 * i - 1], ARGV[count_arg + 2 * i])
  end
  for i = 1, n.remove do call('ZREM', KEYS[remove_key + i], ARGV[remove_arg + i]) end
  for i = 1, n.add do
    call('ZADD', KEYS[add_key + i], ARGV[add_arg + 2 * i - 1], ARGV[add_arg + 2 * i])
  end
  for i = 1, n.clear do call('ZREM', timers, ARGV[clear_arg + i]) end
  for i = 1, n.set do call('ZADD', timers, ARGV[set_arg + 2 * i - 1], ARGV[set_arg + 2 * i]) end
  for i = event_arg + 1, #ARGV do call('XADD', events, '*', 'e', ARGV[i]) end
end
if fingerprint ~= '' then
  call('HSET', request, 'f', fingerprint, 'i', id, 'v', version, 's', state)
  call('PEXPIRE', request, retention_ms)
end
if cause ~= '' then call('HSET', aggregate, cause, cause_version) end
acknowledge()
return {0}
