-- Removes the entries that every group has acknowledged and that are old enough. A group's own word counts:
-- its first pending entry, or what it has read if nothing is pending. A group that is expected and missing
-- stops the trimming: it has read nothing yet. What was removed is noted, because Redis does not tell.
--
-- KEYS[1] STREAM events
-- KEYS[2] HASH   positions; field ":trimmed" -> "<greatest id removed>|<entries removed ever>"
--
-- ARGV[1]  ms for which entries are kept in any case
-- ARGV[2..] groups that must exist
--
-- A group that never comes back stops the trimming, too: only a person knows that it will not, and takes it away
-- (XGROUP DESTROY; services/chassis/README.md).
--
-- Returns {entries removed, name of a missing group or "", group that needs the oldest entry kept, ms for which that entry
--   is older than ARGV[1] says (0: none is)}
-- Prelude entry_ids.lua: after, next_id
local stream, positions = KEYS[1], KEYS[2]
local retention_ms = tonumber(ARGV[1])

local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

if redis.call('EXISTS', stream) == 0 then return {0, '', '', 0} end
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local keep_from = string.format('%.0f', math.max(now_ms - retention_ms, 0)) .. '-0'

local seen, slowest = {}, ''
for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local group = named(info)
  seen[group.name] = true
  local pending = redis.call('XPENDING', stream, group.name)
  local needs = pending[1] > 0 and pending[2] or next_id(group['last-delivered-id'])
  if after(keep_from, needs) then keep_from, slowest = needs, group.name end
end
for i = 2, #ARGV do
  if not seen[ARGV[i]] then return {0, ARGV[i], '', 0} end
end

local overdue_ms = 0
local first_kept = redis.call('XRANGE', stream, keep_from, '+', 'COUNT', 1)[1]
if slowest ~= '' and first_kept then
  overdue_ms = math.max(now_ms - retention_ms - tonumber(string.match(first_kept[1], '^%d+')), 0)
end
local last = redis.call('XREVRANGE', stream, '(' .. keep_from, '-', 'COUNT', 1)
if not last[1] then return {0, '', slowest, overdue_ms} end
local removed = redis.call('XTRIM', stream, 'MINID', keep_from)
local state = named(redis.call('XINFO', 'STREAM', stream))
redis.call('HSET', positions, ':trimmed', last[1][1] .. '|' .. (state['entries-added'] - state.length))
return {removed, '', slowest, overdue_ms}
