-- Remembers a failed attempt, so that it counts also after a crash. A repeat of the same call counts once.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] prefix of the entry's fields, "<source>|<entry id>|"
-- ARGV[3] attempts that failed until now
-- ARGV[4] error
--
-- Returns 1, or -1 if the lease is lost
local lease, retries = KEYS[1], KEYS[2]
local value, prefix, attempts, error_text = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if redis.call('GET', lease) ~= value then return -1 end
local time = redis.call('TIME')
local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSETNX', retries, prefix .. 'first', now_ms)
redis.call('HSET', retries, prefix .. 'attempts', attempts, prefix .. 'last', now_ms, prefix .. 'error', error_text)
redis.call('HDEL', retries, prefix .. 'handling')
return 1
