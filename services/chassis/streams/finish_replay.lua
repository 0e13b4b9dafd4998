-- A replayed entry has ended well. The last one of its subject ends the block: new events go on.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] STREAM replays of the consumer
-- KEYS[3] HASH   blocked subjects; see keys.h
-- KEYS[4] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] id of the replay
-- ARGV[3] prefix of its fields in the retry records
--
-- Returns 1; 0 if it has ended before: nothing is done; -1 if the lease is lost
local lease, replays, blocked, retries = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local value, id, prefix = ARGV[1], ARGV[2], ARGV[3]

if redis.call('GET', lease) ~= value then return -1 end
for _, what in ipairs({'attempts', 'crashes', 'first', 'last', 'error', 'handling'}) do
  redis.call('HDEL', retries, prefix .. what)
end
local found = redis.call('XRANGE', replays, id, id)
if not found[1] then return 0 end
redis.call('XDEL', replays, id)

local fields = {}
for i = 1, #found[1][2], 2 do fields[found[1][2][i]] = found[1][2][i + 1] end
local subject = fields.source .. '|' .. fields.subject
local blocker, left = string.match(redis.call('HGET', blocked, subject) or '', '^(.*)|(%d+)|replay$')
if fields.subject == '' or not blocker then return 1 end
if tonumber(left) > 1 then
  redis.call('HSET', blocked, subject, blocker .. '|' .. (tonumber(left) - 1) .. '|replay')
else
  redis.call('HDEL', blocked, subject)
end
return 1
