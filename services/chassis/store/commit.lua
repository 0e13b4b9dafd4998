-- Commits decisions about aggregates, one after the other: of each, all or nothing. Every check of a decision comes before
-- its first write, and what becomes of one does not touch the others.
--
-- KEYS[1] never exists: while a Redis Cluster moves the partition's slot to another node, a call with an absent key is
--         refused as a whole. Without it a call of which all keys are still there would run, and break off in its midst
--         where it needs again a key that it has emptied.
-- then for each partition:
--   HASH   its counters
--   ZSET   its timers
--   STREAM its events
--   STRING its lease
--   and for each of its decisions:
--     HASH   the aggregate: v version, s state, and for each cause the version that was reacted to
--     with a request id: HASH requests that were carried out, of the even generation: "<fingerprint>", and behind
--     it the aggregate's id if it was created by the request; HASH the same of the odd generation
--     STRING claims to take, STRING claims to release, STRING claims that nobody else may hold, ZSET indexes to add to,
--     ZSET indexes to remove from
--
-- ARGV[1] how long a request is remembered at least, ms: it is so long, by Redis' clock, that the hashes of one
--         generation are written; they last until the end of the next generation
-- then for each partition:
--   an empty one
--   and for each of its decisions:
--     its shape, in bytes: 1 if it has a request id, 1 if it needs a lease, 1 if it has a cause; then two bytes each, the
--     higher first, numbers of: claims taken, claims released, claims barred, index additions, index removals, counter
--     moves, timers set, timers cleared, events
--     kind, id, loaded version, next version (equal: nothing changes), next state
--     request fingerprint, of a fixed length, field of the request | lease that must hold | field of the cause, its version
--     counter, delta (0: moves nothing, the counter must be 0) | score, member | member | due ms, member | member |
--     serialized event
-- As few as can be, because each costs Redis more than what is done with it.
--
-- Returns for each decision, in their order, 0, done; or {code, ...}: {1, id} repeated, and the aggregate it was about;
--   {-1} fenced; {-2} request id reused; {-3} version conflict; {-4, n, holder} the n-th claim taken or barred is held;
--   {-5, n, left} the n-th counter is too low, or not 0; {-6, error} Redis refused a command of it
-- Emits   the events to the STREAM of the partition, field e
local call, KEYS, ARGV, byte, tonumber = redis.call, KEYS, ARGV, string.byte, tonumber
local retention_ms = ARGV[1]
-- Where the partition, or the decision, begins, less one.
local k, a = 1, 1
-- Of the partition. No commit changes who holds the lease, so it is read once.
local counters, timers, events, lease, held_lease
-- By the time of the call, once one asks.
local generation_is_even, generation_lasts_ms

local function find_generation()
  local time = call('TIME')
  local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  local generation = math.floor(now_ms / retention_ms)
  generation_is_even = generation % 2 == 0
  generation_lasts_ms = (generation + 2) * retention_ms - now_ms
end

-- The first three are 0 or 1, the others numbers of what the decision has.
local function commit(request, fenced, caused, take, release, bar, add, remove, count, set, clear, event)
  local aggregate, even_requests, odd_requests = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3]
  local id, loaded, version = ARGV[a + 3], ARGV[a + 4], ARGV[a + 5]
  local take_key = k + 1 + 2 * request
  local release_key = take_key + take
  local bar_key = release_key + release
  local add_key = bar_key + bar
  local remove_key = add_key + add
  local request_arg = a + 6
  local lease_arg = request_arg + 2 * request
  local cause_arg = lease_arg + fenced
  local count_arg = cause_arg + 2 * caused
  local add_arg = count_arg + 2 * count
  local remove_arg = add_arg + 2 * add
  local set_arg = remove_arg + remove
  local clear_arg = set_arg + 2 * set
  local event_arg = clear_arg + clear

  if fenced == 1 then
    held_lease = held_lease or call('GET', lease) or ''
    if held_lease ~= ARGV[lease_arg + 1] then return {-1} end
  end

  local fingerprint, field = ARGV[request_arg + 1], ARGV[request_arg + 2]
  if request == 1 then
    local first = call('HGET', even_requests, field) or call('HGET', odd_requests, field)
    if first then
      if string.sub(first, 1, #fingerprint) ~= fingerprint then return {-2} end
      local created = string.sub(first, #fingerprint + 1)
      return {1, created ~= '' and created or id}
    end
  end

  local current, handled
  local cause, cause_version = ARGV[cause_arg + 1], ARGV[cause_arg + 2]
  if caused == 1 then
    local both = call('HMGET', aggregate, 'v', cause)
    current, handled = both[1], both[2]
  else
    current = call('HGET', aggregate, 'v')
  end
  if handled and tonumber(handled) >= tonumber(cause_version) then return {1, id} end
  if (current or '0') ~= loaded then return {-3} end

  local me = take + release + bar > 0 and ARGV[a + 2] .. '|' .. id
  for i = 1, take do
    local holder = call('GET', KEYS[take_key + i])
    if holder and holder ~= me then return {-4, i, holder} end
  end
  for i = 1, bar do
    local holder = call('GET', KEYS[bar_key + i])
    if holder and holder ~= me then return {-4, take + i, holder} end
  end
  for i = 1, count do
    local left = call('HGET', counters, ARGV[count_arg + 2 * i - 1]) or '0'
    local delta = tonumber(ARGV[count_arg + 2 * i])
    if delta < 0 and tonumber(left) + delta < 0 or delta == 0 and left ~= '0' then return {-5, i, left} end
  end

  if version ~= loaded then
    local state = ARGV[a + 6]
    if caused == 1 then
      call('HSET', aggregate, 'v', version, 's', state, cause, cause_version)
    else
      call('HSET', aggregate, 'v', version, 's', state)
    end
    for i = 1, release do
      if call('GET', KEYS[release_key + i]) == me then call('DEL', KEYS[release_key + i]) end
    end
    for i = 1, take do call('SET', KEYS[take_key + i], me) end
    for i = 1, count do
      local delta = ARGV[count_arg + 2 * i]
      if delta ~= '0' then call('HINCRBY', counters, ARGV[count_arg + 2 * i - 1], delta) end
    end
    for i = 1, remove do call('ZREM', KEYS[remove_key + i], ARGV[remove_arg + i]) end
    for i = 1, add do
      call('ZADD', KEYS[add_key + i], ARGV[add_arg + 2 * i - 1], ARGV[add_arg + 2 * i])
    end
    for i = 1, clear do call('ZREM', timers, ARGV[clear_arg + i]) end
    for i = 1, set do call('ZADD', timers, ARGV[set_arg + 2 * i - 1], ARGV[set_arg + 2 * i]) end
    for i = event_arg + 1, event_arg + event do call('XADD', events, '*', 'e', ARGV[i]) end
  end
  if request == 1 then
    if not generation_lasts_ms then find_generation() end
    local requests = generation_is_even and even_requests or odd_requests
    call('HSET', requests, field, fingerprint .. (loaded == '0' and id or ''))
    if call('PTTL', requests) < generation_lasts_ms - 1000 then call('PEXPIRE', requests, generation_lasts_ms) end
  end
  if caused == 1 and version == loaded then call('HSET', aggregate, cause, cause_version) end
  return 0
end

local results, decisions, last_arg = {}, 0, #ARGV
while a < last_arg do
  if ARGV[a + 1] == '' then
    counters, timers, events, lease, held_lease = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4], nil
    k, a = k + 4, a + 1
  end
  local request, fenced, caused, take_high, take, release_high, release, bar_high, bar, add_high, add, remove_high, remove,
    count_high, count, set_high, set, clear_high, clear, event_high, event = byte(ARGV[a + 1], 1, 21)
  take, release, bar = take + 256 * take_high, release + 256 * release_high, bar + 256 * bar_high
  add, remove, count = add + 256 * add_high, remove + 256 * remove_high, count + 256 * count_high
  set, clear, event = set + 256 * set_high, clear + 256 * clear_high, event + 256 * event_high
  local ran, result = pcall(commit, request, fenced, caused, take, release, bar, add, remove, count, set, clear, event)
  if not ran then result = {-6, type(result) == 'table' and result.err or tostring(result)} end
  decisions = decisions + 1
  results[decisions] = result
  k = k + 1 + 2 * request + take + release + bar + add + remove
  a = a + 6 + 2 * request + fenced + 2 * caused + 2 * count + 2 * add + remove + 2 * set + clear + event
end
return results
