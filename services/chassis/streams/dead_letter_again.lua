-- A replayed entry has failed again: it becomes a dead letter once more, with the attempts that it had before, and
-- what was to be replayed after it waits behind it.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] STREAM replays of the consumer
-- KEYS[3] STREAM dead letters of the consumer
-- KEYS[4] HASH   blocked subjects; see keys.h
-- KEYS[5] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] id of the replay       ARGV[3] prefix of its fields in the retry records
-- ARGV[4] subject, empty if the entry can not be read
-- ARGV[5] type                   ARGV[6] version of the aggregate
-- ARGV[7] attempts of this time  ARGV[8] reason: failed, crashed or unreadable
-- ARGV[9] error
--
-- Returns 1; 0 if the replay has ended before: nothing is done; -1 if the lease is lost
-- Emits   to KEYS[3]: source, entry, subject, type, version, attempts, reason, error, first, last (ms), replays, e
local lease, replays, dead, blocked, retries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local value, id, prefix, subject = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local event_type, version, attempts, reason, error_text = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local page_size = 500

local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

if redis.call('GET', lease) ~= value then return -1 end
local time = redis.call('TIME')
local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local first = redis.call('HGET', retries, prefix .. 'first') or now_ms
local last = redis.call('HGET', retries, prefix .. 'last') or now_ms
for _, what in ipairs({'attempts', 'crashes', 'first', 'last', 'error', 'handling'}) do
  redis.call('HDEL', retries, prefix .. what)
end
local found = redis.call('XRANGE', replays, id, id)
if not found[1] then return 0 end
local letter = named(found[1][2])
redis.call('XDEL', replays, id)
redis.call('XADD', dead, '*', 'source', letter.source, 'entry', letter.entry, 'subject', subject, 'type', event_type,
  'version', version, 'attempts', string.format('%.0f', letter.attempts + attempts), 'reason', reason, 'error',
  error_text, 'first', letter.first ~= '' and letter.first or first, 'last', last, 'replays', letter.replays, 'e',
  letter.e)

if letter.subject == '' then
  if subject ~= '' then redis.call('HSETNX', blocked, letter.source .. '|' .. subject, letter.entry .. '|0') end
  return 1
end
local waiting, after = 0, id
while true do
  local page = redis.call('XRANGE', replays, '(' .. after, '+', 'COUNT', page_size)
  if #page == 0 then break end
  for _, entry in ipairs(page) do
    after = entry[1]
    local fields = named(entry[2])
    if fields.source == letter.source and fields.subject == letter.subject then
      redis.call('XADD', dead, '*', 'source', fields.source, 'entry', fields.entry, 'subject', fields.subject, 'type',
        fields.type, 'version', fields.version, 'attempts', '0', 'reason', 'waits', 'error',
        'waits behind ' .. letter.entry, 'first', now_ms, 'last', now_ms, 'e', fields.e)
      redis.call('XDEL', replays, after)
      waiting = waiting + 1
    end
  end
end
redis.call('HSET', blocked, letter.source .. '|' .. letter.subject, letter.entry .. '|' .. waiting)
return 1
