-- Takes the lease of a partition, with a new fencing token, if it is free or of this instance's own former life: names
-- are unique among those that run, so that one is gone. A process that comes back at once need not wait for the end of its
-- lease. Were it not gone, the token would fence it off.
--
-- KEYS[1] STRING lease, "<instance>|<token>"
-- KEYS[2] STRING counter of tokens
--
-- ARGV[1] instance
-- ARGV[2] time to live, ms
--
-- Returns the value of the lease if it was taken, else the ms for which another instance still has it
local lease, fence = KEYS[1], KEYS[2]
local instance, ttl_ms = ARGV[1], ARGV[2]

local left_ms = redis.call('PTTL', lease)
-- -2: there is none. -1 (no expiry) is not ours to write, so it is not taken.
if left_ms ~= -2 then
  local holder = redis.call('GET', lease)
  if left_ms < 0 or string.sub(holder, 1, #instance + 1) ~= instance .. '|' then return math.max(left_ms, 0) end
end
local value = instance .. '|' .. redis.call('INCR', fence)
redis.call('SET', lease, value, 'PX', ttl_ms)
return value
