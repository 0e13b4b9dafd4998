-- Reads new entries for a group, and new replays, only while the reader holds the partition. A plain XREADGROUP could be
-- carried out after the lease was lost (the process was paused, the command was delayed on its way):
-- the entries would then belong to a reader that is gone, and later ones of the same aggregate would be
-- handled first.
--
-- KEYS[1]  STRING lease of the partition
-- KEYS[2]  STREAM replays of the consumer
-- KEYS[3..] STREAM the streams to read
--
-- ARGV[1] value of the lease
-- ARGV[2] group
-- ARGV[3] consumer
-- ARGV[4] most entries of one stream
-- ARGV[5] replay after which to read
-- ARGV[6] most replays
-- ARGV[7..] for each stream the id up to which the reader has the bodies of new entries already; empty: of none
--
-- Returns {what XREADGROUP returns, with an empty string for a body that the reader has, replays}; -1 if the lease is lost,
--   or the error NOGROUP
local lease, replays = KEYS[1], KEYS[2]
local value, group, consumer, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local replay, most_replays = ARGV[5], ARGV[6]

if redis.call('GET', lease) ~= value then return -1 end
local command = {'XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS'}
for i = 3, #KEYS do command[#command + 1] = KEYS[i] end
for _ = 3, #KEYS do command[#command + 1] = '>' end
local read = redis.pcall(unpack(command))
if type(read) == 'table' and read.err then return read end
local has_until = {}
for i = 3, #KEYS do has_until[KEYS[i]] = ARGV[i + 4] end
for _, stream in ipairs(read or {}) do
  local last = has_until[stream[1]]
  if last ~= '' then
    for _, entry in ipairs(stream[2]) do
      entry[2] = ''
      if entry[1] == last then break end
    end
  end
end
return {read or {}, redis.call('XRANGE', replays, '(' .. replay, '+', 'COUNT', most_replays)}
