-- What a new holder of a partition finds about entries that failed. The mark of another process says that it died while it
-- handled this very entry: a crash, counted once.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] this process
--
-- Returns {crashes counted now, all fields and values of the records}; -1 if the lease is lost
local lease, retries = KEYS[1], KEYS[2]
local value, process = ARGV[1], ARGV[2]

if redis.call('GET', lease) ~= value then return -1 end
local records = redis.call('HGETALL', retries)
local crashes = 0
for i = 1, #records, 2 do
  local prefix = string.match(records[i], '^(.*|)handling$')
  if prefix and records[i + 1] ~= process then
    local time = redis.call('TIME')
    local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
    redis.call('HSETNX', retries, prefix .. 'first', now_ms)
    redis.call('HSET', retries, prefix .. 'last', now_ms)
    redis.call('HINCRBY', retries, prefix .. 'crashes', 1)
    redis.call('HDEL', retries, records[i])
    crashes = crashes + 1
  end
end
if crashes > 0 then records = redis.call('HGETALL', retries) end
return {crashes, records}
