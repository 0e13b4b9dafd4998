-- Takes the lease of a partition if it is free, with a new fencing token.
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
if left_ms ~= -2 then return math.max(left_ms, 0) end
local value = instance .. '|' .. redis.call('INCR', fence)
redis.call('SET', lease, value, 'PX', ttl_ms)
return value
