-- Commits decisions about aggregates of one partition, one after the other: of each, all or nothing. Every check of a
-- decision comes before its first write, and what becomes of one does not touch the others.
--
-- KEYS[1] HASH   counters of the partition
-- KEYS[2] ZSET   timers of the partition
-- KEYS[3] STREAM events of the partition
-- KEYS[4] STRING lease of the partition
-- KEYS[5]        never exists: while a Redis Cluster moves the partition's slot to another node, a call with an absent
--                key is refused as a whole. Without it a call of which all keys are still there would run, and break off
--                in its midst where it needs again a key that it has emptied.
-- then for each decision:
--   HASH   the aggregate: v version, s state, c correlation id, and for each cause the version that was reacted to
--   HASH   requests that were carried out, of the even generation: "<fingerprint>|", and the aggregate's id if it was
--   HASH   created by the request; the same of the odd generation (the aggregate's key twice if there is no request id)
--   STRING claims to take, STRING claims to release, STRING claims that nobody else may hold, ZSET indexes to add to,
--   ZSET indexes to remove from
--
-- ARGV[1] how long a request is remembered at least, ms: it is so long, by Redis' clock, that the hashes of one
--         generation are written; they last until the end of the next generation
-- then for each decision:
--   id, holder ("<kind>|<id>"), loaded version, next version (equal: nothing changes), next state, correlation id,
--   request fingerprint (empty: none), field of the request, lease that must hold (empty: none), field of the cause
--   (empty: none), its version,
--   numbers of: claims taken, claims released, claims barred, counter moves, index additions, index removals,
--   timers set, timers cleared, events
--   counter, delta (0: moves nothing, the counter must be 0) | score, member | member | due ms, member | member | serialized event
--
-- Returns for each decision {code, ...}: {0} done; {1, id} repeated, and the aggregate it was about; {-1} fenced;
--   {-2} request id reused; {-3} version conflict; {-4, n, holder} the n-th claim taken or barred is held;
--   {-5, n, left} the n-th counter is too low, or not 0; {-6, error} Redis refused a command of it
-- Emits   the events to KEYS[3], field e
local counters, timers, events, lease = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local retention_ms = ARGV[1]
local call = redis.call
local common_keys, common_args, own_keys, header = 5, 1, 3, 20
-- No commit changes it, so it is read once a call; so is the time.
local held_lease
local generation_is_even, generation_lasts_ms

local function find_generation()
  local time = call('TIME')
  local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  local generation = math.floor(now_ms / retention_ms)
  generation_is_even = generation % 2 == 0
  generation_lasts_ms = (generation + 2) * retention_ms - now_ms
end

-- `k` and `a`: where the decision begins in KEYS and ARGV, less one; `n`: its numbers.
local function commit(k, a, n)
  local aggregate, even_requests, odd_requests = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3]
  local id, me, loaded, version = ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4]
  local state, correlation, fingerprint = ARGV[a + 5], ARGV[a + 6], ARGV[a + 7]
  local request, my_lease, cause, cause_version = ARGV[a + 8], ARGV[a + 9], ARGV[a + 10], ARGV[a + 11]
  local take_key = k + own_keys
  local release_key = take_key + n.take
  local bar_key = release_key + n.release
  local add_key = bar_key + n.bar
  local remove_key = add_key + n.add
  local count_arg = a + header
  local add_arg = count_arg + 2 * n.count
  local remove_arg = add_arg + 2 * n.add
  local set_arg = remove_arg + n.remove
  local clear_arg = set_arg + 2 * n.set
  local event_arg = clear_arg + n.clear

  if my_lease ~= '' then
    held_lease = held_lease or call('GET', lease) or ''
    if held_lease ~= my_lease then return {-1} end
  end

  if fingerprint ~= '' then
    local first = call('HGET', even_requests, request) or call('HGET', odd_requests, request)
    if first then
      local bar = string.find(first, '|', 1, true)
      if string.sub(first, 1, bar - 1) ~= fingerprint then return {-2} end
      local created = string.sub(first, bar + 1)
      return {1, created ~= '' and created or id}
    end
  end

  local current, handled
  if cause == '' then
    current = call('HGET', aggregate, 'v')
  else
    local both = call('HMGET', aggregate, 'v', cause)
    current, handled = both[1], both[2]
  end
  if handled and tonumber(handled) >= tonumber(cause_version) then return {1, id} end
  if (current or '0') ~= loaded then return {-3} end

  for i = 1, n.take do
    local holder = call('GET', KEYS[take_key + i])
    if holder and holder ~= me then return {-4, i, holder} end
  end
  for i = 1, n.bar do
    local holder = call('GET', KEYS[bar_key + i])
    if holder and holder ~= me then return {-4, n.take + i, holder} end
  end
  for i = 1, n.count do
    local left = call('HGET', counters, ARGV[count_arg + 2 * i - 1]) or '0'
    local delta = tonumber(ARGV[count_arg + 2 * i])
    if delta < 0 and tonumber(left) + delta < 0 or delta == 0 and left ~= '0' then return {-5, i, left} end
  end

  if version ~= loaded then
    if cause ~= '' then
      call('HSET', aggregate, 'v', version, 's', state, 'c', correlation, cause, cause_version)
    elseif loaded == '0' then
      call('HSET', aggregate, 'v', version, 's', state, 'c', correlation)
    else
      call('HSET', aggregate, 'v', version, 's', state)
    end
    for i = 1, n.release do
      if call('GET', KEYS[release_key + i]) == me then call('DEL', KEYS[release_key + i]) end
    end
    for i = 1, n.take do call('SET', KEYS[take_key + i], me) end
    for i = 1, n.count do
      local delta = ARGV[count_arg + 2 * i]
      if delta ~= '0' then call('HINCRBY', counters, ARGV[count_arg + 2 * i - 1], delta) end
    end
    for i = 1, n.remove do call('ZREM', KEYS[remove_key + i], ARGV[remove_arg + i]) end
    for i = 1, n.add do
      call('ZADD', KEYS[add_key + i], ARGV[add_arg + 2 * i - 1], ARGV[add_arg + 2 * i])
    end
    for i = 1, n.clear do call('ZREM', timers, ARGV[clear_arg + i]) end
    for i = 1, n.set do call('ZADD', timers, ARGV[set_arg + 2 * i - 1], ARGV[set_arg + 2 * i]) end
    for i = event_arg + 1, event_arg + n.event do call('XADD', events, '*', 'e', ARGV[i]) end
  end
  if fingerprint ~= '' then
    if not generation_lasts_ms then find_generation() end
    local requests = generation_is_even and even_requests or odd_requests
    call('HSET', requests, request, fingerprint .. '|' .. (loaded == '0' and id or ''))
    call('PEXPIRE', requests, generation_lasts_ms)
  end
  if cause ~= '' and version == loaded then call('HSET', aggregate, cause, cause_version) end
  return {0}
end

local results = {}
local k, a = common_keys, common_args
while a < #ARGV do
  local n = {}
  n.take, n.release, n.bar = tonumber(ARGV[a + 12]), tonumber(ARGV[a + 13]), tonumber(ARGV[a + 14])
  n.count, n.add, n.remove = tonumber(ARGV[a + 15]), tonumber(ARGV[a + 16]), tonumber(ARGV[a + 17])
  n.set, n.clear, n.event = tonumber(ARGV[a + 18]), tonumber(ARGV[a + 19]), tonumber(ARGV[a + 20])
  local ran, result = pcall(commit, k, a, n)
  if not ran then result = {-6, type(result) == 'table' and result.err or tostring(result)} end
  results[#results + 1] = result
  k = k + own_keys + n.take + n.release + n.bar + n.add + n.remove
  a = a + header + 2 * n.count + 2 * n.add + n.remove + 2 * n.set + n.clear + n.event
end
return results
