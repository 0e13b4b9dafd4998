-- One step of a name that only one holder may have: claim it, take it over or release it.
--
-- KEYS[1] STRING the name: "<holder>|<ms since 1970>" of its claim
--
-- ARGV[1] "claim" or "release"
-- ARGV[2] who asks
-- ARGV[3] what the name may be taken from: the value that was found there, empty: nothing
--
-- Returns {} if it is done; for a claim of a name that another one has {holder, ms since its claim, value}
-- Emits   nothing
local name = KEYS[1]
local step, me, from = ARGV[1], ARGV[2], ARGV[3]

local value = redis.call('GET', name)
local holder, since
if value then holder, since = string.match(value, '^(.*)|(%d+)$') end
if step == 'release' then
  if holder == me then redis.call('DEL', name) end
  return {}
end
if holder == me then return {} end
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
if not value or value == from then
  redis.call('SET', name, string.format('%s|%d', me, now_ms))
  return {}
end
return {holder, math.max(now_ms - since, 0), value}
