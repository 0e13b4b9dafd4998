-- Notes who is about to handle an entry that outlived a holder of its partition: count_crashes.lua counts the mark if
-- that process dies meanwhile. Of a replayed entry it says also whether it is still to be handled.
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
if crashes < limit then redis.call('HSET', retries, prefix .. 'handling', process) end
return crashes
