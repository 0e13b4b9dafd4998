-- Says that an instance is alive, and tells its place among the instances that are.
--
-- KEYS[1] ZSET members of the service: instance -> alive until, ms since 1970
--
-- ARGV[1] instance
-- ARGV[2] how long this word holds, ms
--
-- Returns {number of live instances, this one included; how many of them have a lesser name}
local members = KEYS[1]
local instance, hold_ms = ARGV[1], tonumber(ARGV[2])

local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('ZREMRANGEBYSCORE', members, '-inf', string.format('%.0f', now_ms))
redis.call('ZADD', members, string.format('%.0f', now_ms + hold_ms), instance)
local alive, before = redis.call('ZRANGE', members, 0, -1), 0
for _, name in ipairs(alive) do
  if name < instance then before = before + 1 end
end
return {#alive, before}
