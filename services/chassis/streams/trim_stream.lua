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
-- Returns {entries removed, name of a missing group or ""}
-- Prelude entry_ids.lua: after, next_id
local stream, positions = KEYS[1], KEYS[2]
local retention_ms = tonumber(ARGV[1])

local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

if redis.call('EXISTS', stream) == 0 then return {0, ''} end
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local keep_from = string.format('%.0f', math.max(now_ms - retention_ms, 0)) .. '-0'

local seen = {}
for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local group = named(info)
  seen[group.name] = true
  local pending = redis.call('XPENDING', stream, group.name)
  local needs = pending[1] > 0 and pending[2] or next_id(group['last-delivered-id'])
  if after(keep_from, needs) then keep_from = needs end
end
for i = 2, #ARGV do
  if not seen[ARGV[i]] then return {0, ARGV[i]} end
end

local last = redis.call('XREVRANGE', stream, '(' .. keep_from, '-', 'COUNT', 1)
if not last[1] then return {0, ''} end
local removed = redis.call('XTRIM', stream, 'MINID', keep_from)
local state = named(redis.call('XINFO', 'STREAM', stream))
redis.call('HSET', positions, ':trimmed', last[1][1] .. '|' .. (state['entries-added'] - state.length))
return {removed, ''}
