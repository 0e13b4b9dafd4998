-- Says that an instance is alive, and counts the instances that are.
--
-- KEYS[1] ZSET members of the service: instance -> alive until, ms since 1970
--
-- ARGV[1] instance
-- ARGV[2] how long this word holds, ms
--
-- Returns the number of live instances, this one included
local members = KEYS[1]
local instance, hold_ms = ARGV[1], tonumber(ARGV[2])

local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('ZREMRANGEBYSCORE', members, '-inf', string.format('%.0f', now_ms))
redis.call('ZADD', members, string.format('%.0f', now_ms + hold_ms), instance)
return redis.call('ZCARD', members)
