-- Counts what a group has not acknowledged yet, on each of some streams. XINFO's lag is not used: it is wrong after XDEL
-- and XTRIM.
--
-- KEYS[1], KEYS[3].. STREAM events
-- KEYS[2], KEYS[4].. HASH   its positions; field ":trimmed" as trim_stream.lua writes it
--
-- ARGV[1] group
--
-- Returns the number of entries for each stream; -1 where it can not be known; -2 where the group has acknowledged more
--   than the stream has ever had: its end is lost; -3 where there is no group
-- Prelude entry_ids.lua: after
local group = ARGV[1]

local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- True if surely nothing was removed behind this position.
local function complete(state, positions, position)
  local removed = state['entries-added'] - state.length
  if removed == 0 then return true end
  local last, count = string.match(redis.call('HGET', positions, ':trimmed') or '', '^(.+)|(%d+)$')
  if tonumber(count) == removed then return not after(last, position) end
  return state['first-entry'] and not after(state['first-entry'][1], position)
end

local function backlog(stream, positions)
  if redis.call('EXISTS', stream) == 0 then return -3 end
  local state, found = named(redis.call('XINFO', 'STREAM', stream)), nil
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local about = named(info)
    if about.name == group then found = about end
  end
  if not found then return -3 end
  local delivered = found['last-delivered-id']
  if after(delivered, state['last-generated-id']) then return -2 end
  if #redis.call('XRANGE', stream, '(' .. delivered, '+', 'COUNT', 1) == 0 then return 0 end
  if not found['entries-read'] or not complete(state, positions, delivered) then return -1 end
  return state['entries-added'] - found['entries-read']
end

local result = {}
for i = 1, #KEYS, 2 do result[#result + 1] = backlog(KEYS[i], KEYS[i + 1]) end
return result
