-- Reads new entries for a group, only while the reader holds the partition. A plain XREADGROUP could be
-- carried out after the lease was lost (the process was paused, the command was delayed on its way):
-- the entries would then belong to a reader that is gone, and later ones of the same aggregate would be
-- handled first.
--
-- KEYS[1]  STRING lease of the partition
-- KEYS[2..] STREAM the streams to read
--
-- ARGV[1] value of the lease
-- ARGV[2] group
-- ARGV[3] consumer
-- ARGV[4] most entries of one stream
--
-- Returns what XREADGROUP returns, -1 if the lease is lost, or the error NOGROUP
local lease = KEYS[1]
local value, group, consumer, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if redis.call('GET', lease) ~= value then return -1 end
local command = {'XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS'}
for i = 2, #KEYS do command[#command + 1] = KEYS[i] end
for _ = 2, #KEYS do command[#command + 1] = '>' end
return redis.pcall(unpack(command))
