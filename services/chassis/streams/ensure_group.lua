-- Makes a consumer group if it is missing, at the position kept outside of it: never at the end of the stream, which would
-- skip what nobody has handled. Notices a stream that lost its end (a copy of Redis that is older than what groups had
-- read, a truncated file, a hand): new entries could get ids that groups have passed, and would be skipped. So the stream's
-- last id is moved on behind everything that any group was given.
--
-- KEYS[1] STREAM events
-- KEYS[2] HASH   positions: group -> entry id up to which it has acknowledged everything; ":trimmed", see trim_stream.lua
--
-- ARGV[1] group
--
-- Returns {created 0 or 1, last delivered id, position that was kept or "", last id that the stream had, group that was
--   furthest if the end is lost or "", its id, entries that were removed though not by trimming}
-- Prelude entry_ids.lua: after
local stream, positions = KEYS[1], KEYS[2]
local group = ARGV[1]

local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local last_id, delivered, removed = '0-0', nil, 0
local furthest, furthest_id = '', '0-0'
local function reached(name, id)
  if after(id, furthest_id) then furthest, furthest_id = name, id end
end

local kept = named(redis.call('HGETALL', positions))
local trimmed_id, trimmed = string.match(kept[':trimmed'] or '', '^(.+)|(%d+)$')
for name, id in pairs(kept) do
  if name ~= ':trimmed' then reached(name, id) end
end
if trimmed_id then reached(':trimmed', trimmed_id) end
if redis.call('EXISTS', stream) == 1 then
  local state = named(redis.call('XINFO', 'STREAM', stream))
  last_id = state['last-generated-id']
  removed = (state['entries-added'] or state.length) - state.length - tonumber(trimmed or '0')
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local about = named(info)
    reached(about.name, about['last-delivered-id'])
    if about.name == group then delivered = about['last-delivered-id'] end
  end
end

local position, created = kept[group] or '', delivered and 0 or 1
if created == 1 then
  -- Behind the end: what was added since then has smaller ids.
  delivered = position == '' and '0-0' or position
  if after(delivered, last_id) then delivered = last_id end
  redis.call('XGROUP', 'CREATE', stream, group, delivered, 'MKSTREAM')
end
if not after(furthest_id, last_id) then return {created, delivered, position, last_id, '', '', math.max(removed, 0)} end
redis.call('XSETID', stream, furthest_id)
return {created, delivered, position, last_id, furthest, furthest_id, math.max(removed, 0)}
