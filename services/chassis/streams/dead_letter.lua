-- Moves an entry to the dead letters and makes the later ones of its subject wait.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] STREAM events
-- KEYS[3] STREAM dead letters of the consumer
-- KEYS[4] HASH   blocked subjects; see keys.h
-- KEYS[5] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] group
-- ARGV[3] source            ARGV[4] entry id
-- ARGV[5] subject, empty if the entry can not be read: then nothing waits for it
-- ARGV[6] type              ARGV[7] version of the aggregate
-- ARGV[8] attempts          ARGV[9] reason: failed, crashed or unreadable
-- ARGV[10] error
--
-- Returns 1, also for a repeat of the same call; 0 if the entry was not pending any more: nothing is done;
--   -1 if the lease is lost
-- Emits   to KEYS[3]: source, entry, subject, type, version, attempts, reason, error, first, last (ms), e
local lease, stream, dead, blocked, retries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local value, group, source, entry, subject = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local event_type, version, attempts, reason, error_text = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]

if redis.call('GET', lease) ~= value then return -1 end
local prefix = source .. '|' .. entry .. '|'
local time = redis.call('TIME')
local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local first = redis.call('HGET', retries, prefix .. 'first') or now_ms
local last = redis.call('HGET', retries, prefix .. 'last') or now_ms
for _, what in ipairs({'attempts', 'crashes', 'first', 'last', 'error', 'handling'}) do
  redis.call('HDEL', retries, prefix .. what)
end
if redis.call('XACK', stream, group, entry) == 0 then
  local blocker = string.match(redis.call('HGET', blocked, source .. '|' .. subject) or '', '^(.*)|%d+$')
  return blocker == entry and 1 or 0
end

local body = ''
local found = redis.call('XRANGE', stream, entry, entry)
if found[1] then
  for i = 1, #found[1][2], 2 do
    if found[1][2][i] == 'e' then body = found[1][2][i + 1] end
  end
end
redis.call('XADD', dead, '*', 'source', source, 'entry', entry, 'subject', subject, 'type', event_type,
  'version', version, 'attempts', attempts, 'reason', reason, 'error', error_text, 'first', first, 'last', last,
  'e', body)
if subject ~= '' then redis.call('HSETNX', blocked, source .. '|' .. subject, entry .. '|0') end
return 1
