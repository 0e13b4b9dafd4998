-- Makes a consumer group if it is missing, at the position kept outside of it: never at the end of the
-- stream, which would skip what nobody has handled.
--
-- KEYS[1] STREAM events
-- KEYS[2] HASH   positions: group -> entry id up to which it has acknowledged everything
--
-- ARGV[1] group
--
-- Returns {created 0 or 1, last delivered id, position that was kept or "", last id of the stream}
-- Prelude entry_ids.lua: after
local stream, positions = KEYS[1], KEYS[2]
local group = ARGV[1]

-- The value after a name in a flat reply.
local function field(flat, name)
  for i = 1, #flat, 2 do
    if flat[i] == name then return flat[i + 1] end
  end
end

local position = redis.call('HGET', positions, group) or ''
local last_id = '0-0'
if redis.call('EXISTS', stream) == 1 then
  last_id = field(redis.call('XINFO', 'STREAM', stream), 'last-generated-id')
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    if field(info, 'name') == group then
      return {0, field(info, 'last-delivered-id'), position, last_id}
    end
  end
end

-- A position behind the end of the stream means that entries were lost; what comes next may have
-- smaller ids than they had.
local start = position == '' and '0-0' or position
if after(start, last_id) then start = last_id end
redis.call('XGROUP', 'CREATE', stream, group, start, 'MKSTREAM')
return {1, start, position, last_id}
