-- Reads what comes after a position and, in the same instant, whether something after it was removed. XTRIM
-- leaves no trace in Redis 7.0 (max-deleted-entry-id is about XDEL only), so trim_stream.lua notes what it
-- removed; without a complete note, a position before the first entry counts as a gap.
--
-- KEYS[1] STREAM events
-- KEYS[2] HASH   positions; field ":trimmed" as trim_stream.lua writes it
--
-- ARGV[1] entry id after which to read
-- ARGV[2] most entries; 0 reads none
--
-- Returns {last id ever given, 1 or 0: nothing after the position was removed, entries}
-- Prelude entry_ids.lua: after
local stream, positions = KEYS[1], KEYS[2]
local position, count = ARGV[1], tonumber(ARGV[2])

local function complete(state)
  local removed = state['entries-added'] - state.length
  if removed == 0 or not after(state['last-generated-id'], position) then return 1 end
  local last, noted = string.match(redis.call('HGET', positions, ':trimmed') or '', '^(.+)|(%d+)$')
  if tonumber(noted) == removed then return after(last, position) and 0 or 1 end
  return state['first-entry'] and not after(state['first-entry'][1], position) and 1 or 0
end

if redis.call('EXISTS', stream) == 0 then return {'0-0', 1, {}} end
local state, info = {}, redis.call('XINFO', 'STREAM', stream)
for i = 1, #info, 2 do state[info[i]] = info[i + 1] end
local entries = {}
if count > 0 then entries = redis.call('XRANGE', stream, '(' .. position, '+', 'COUNT', count) end
return {state['last-generated-id'], complete(state), entries}
