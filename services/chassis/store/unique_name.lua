-- One step of a name that only one holder may have: claim it, take it over or release it.
--
-- KEYS[1] HASH names of a bucket: digest of the name -> "<holder>|<ms since 1970>" of its claim
--
-- ARGV[1] "claim" or "release"
-- ARGV[2] digest of the name
-- ARGV[3] who asks
-- ARGV[4] what the name may be taken from: the value that was found there, empty: nothing
--
-- Returns {} if it is done; for a claim of a name that another one has {holder, ms since its claim, value}
-- Emits   nothing
local names = KEYS[1]
local step, name, me, from = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local value = redis.call('HGET', names, name)
local holder, since
if value then holder, since = string.match(value, '^(.*)|(%d+)$') end
if step == 'release' then
  if holder == me then redis.call('HDEL', names, name) end
  return {}
end
if holder == me then return {} end
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
if not value or value == from then
  redis.call('HSET', names, name, string.format('%s|%d', me, now_ms))
  return {}
end
return {holder, math.max(now_ms - since, 0), value}
