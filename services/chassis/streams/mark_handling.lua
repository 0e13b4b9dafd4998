-- Notes who is about to handle an entry that outlived several holders of its partition. If the mark of
-- another process is still there, that process died while it handled this very entry: a crash. Of a replayed
-- entry it says also whether it is still to be handled.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] HASH   retry records of the consumer
-- KEYS[3] STREAM replays of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] prefix of the entry's fields, "<source>|<entry id>|"
-- ARGV[3] this process
-- ARGV[4] crashes at which the entry is given up
-- ARGV[5] id of the replay, empty if it is none
--
-- Returns the crashes until now (at the limit it is not marked); -1 if the lease is lost; -2 if the replay has
--   ended: it must not be handled
local lease, retries, replays = KEYS[1], KEYS[2], KEYS[3]
local value, prefix, process, limit, replay = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]

if redis.call('GET', lease) ~= value then return -1 end
if replay ~= '' and #redis.call('XRANGE', replays, replay, replay) == 0 then return -2 end
local crashes = tonumber(redis.call('HGET', retries, prefix .. 'crashes') or '0')
local handler = redis.call('HGET', retries, prefix .. 'handling')
if handler and handler ~= process then
  local time = redis.call('TIME')
  local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('HSETNX', retries, prefix .. 'first', now_ms)
  redis.call('HSET', retries, prefix .. 'last', now_ms)
  crashes = redis.call('HINCRBY', retries, prefix .. 'crashes', 1)
  redis.call('HDEL', retries, prefix .. 'handling')
end
if crashes < limit then redis.call('HSET', retries, prefix .. 'handling', process) end
return crashes
