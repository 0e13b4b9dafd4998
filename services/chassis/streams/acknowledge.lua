-- Acknowledges entries that are done, and moves the position that is kept outside of the group. The
-- position is the id before the group's first pending entry, so that it never passes one that is not done.
--
-- KEYS[1] STREAM events
-- KEYS[2] HASH   positions: group -> entry id up to which it has acknowledged everything
-- KEYS[3] HASH   retry records of the consumer
--
-- ARGV[1] group
-- ARGV[2] number of entries
-- ARGV[3..] entry ids; the rest are fields of the retry records to drop
--
-- Returns how many were pending until now, or the error NOGROUP
-- Prelude entry_ids.lua: after, before
local stream, positions, retries = KEYS[1], KEYS[2], KEYS[3]
local group, n = ARGV[1], tonumber(ARGV[2])
local chunk = 1000

local acknowledged = 0
for i = 3, n + 2, chunk do
  acknowledged = acknowledged + redis.call('XACK', stream, group, unpack(ARGV, i, math.min(i + chunk - 1, n + 2)))
end
for i = n + 3, #ARGV do redis.call('HDEL', retries, ARGV[i]) end

local pending = redis.pcall('XPENDING', stream, group)
if pending.err then return pending end
local position
if pending[1] > 0 then
  position = before(pending[2])
else
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local name, delivered
    for i = 1, #info, 2 do
      if info[i] == 'name' then name = info[i + 1] end
      if info[i] == 'last-delivered-id' then delivered = info[i + 1] end
    end
    if name == group then position = delivered end
  end
end
local known = redis.call('HGET', positions, group)
if not known or after(position, known) then redis.call('HSET', positions, group, position) end
return acknowledged
