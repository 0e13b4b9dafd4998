-- Deletes the consumers of a group that have been idle for long and have nothing pending (with pending
-- entries they would be lost in silence).
--
-- KEYS[1] STREAM events
--
-- ARGV[1] group
-- ARGV[2] the consumer that asks: it stays
-- ARGV[3] idle time from which a consumer is deleted, ms
--
-- Returns how many were deleted
local stream = KEYS[1]
local group, own, idle_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])

local consumers = redis.pcall('XINFO', 'CONSUMERS', stream, group)
if consumers.err then return 0 end
local deleted = 0
for _, info in ipairs(consumers) do
  local about = {}
  for i = 1, #info, 2 do about[info[i]] = info[i + 1] end
  if about.name ~= own and about.pending == 0 and about.idle >= idle_ms then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, about.name)
    deleted = deleted + 1
  end
end
return deleted
