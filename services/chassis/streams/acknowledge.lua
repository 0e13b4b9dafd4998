-- Moves the position of a group on: everything up to it is done. It is kept in the group, as what was delivered, and
-- outside of it. Tells beside it what a holder that comes next has to know of what lies behind the position.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] STREAM events
-- KEYS[3] HASH   positions: group -> entry id up to which it has acknowledged everything
-- KEYS[4] HASH   what the consumer has in hand: source -> HandedEntries, "<source>|left"
-- KEYS[5] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] group
-- ARGV[3] source
-- ARGV[4] position that is known to be kept
-- ARGV[5] position from now on
-- ARGV[6] entries of the stream up to there, ever; -1 if it is not known
-- ARGV[7] what is in hand; empty: nothing behind the position
-- ARGV[8] 1 if the holder leaves, and nothing of what it had is to be suspected
-- ARGV[9..] fields of the retry records to drop
--
-- Returns 1, also for a repeat; -1 if the lease is lost; -2 if another position is kept (an older copy of Redis): nothing
--   is moved; or the error NOGROUP
local lease, stream, positions, handed, retries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local value, group, source, expected, position = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local read, in_hand, leaves = ARGV[6], ARGV[7], ARGV[8]

if redis.call('GET', lease) ~= value then return -1 end
local known = redis.call('HGET', positions, group) or '0-0'
if known ~= expected and known ~= position then return -2 end
if known ~= position then
  if redis.call('EXISTS', stream) == 0 then return redis.error_reply('NOGROUP the stream does not exist') end
  local moved = redis.pcall('XGROUP', 'SETID', stream, group, position, 'ENTRIESREAD', read)
  if moved.err then return moved end
  redis.call('HSET', positions, group, position)
end
for i = 9, #ARGV do redis.call('HDEL', retries, ARGV[i]) end
if in_hand == '' then
  redis.call('HDEL', handed, source)
else
  redis.call('HSET', handed, source, in_hand)
end
if leaves == '1' then redis.call('HSET', handed, source .. '|left', '1') end
return 1
