-- Moves an entry to the dead letters and makes the later ones of its subject wait.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] STREAM events
-- KEYS[3] STREAM dead letters of the consumer
-- KEYS[4] HASH   blocked subjects; see keys.h
-- KEYS[5] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] source            ARGV[3] entry id
-- ARGV[4] subject, empty if the entry can not be read: then nothing waits for it
-- ARGV[5] type              ARGV[6] version of the aggregate
-- ARGV[7] attempts          ARGV[8] reason: failed, crashed or unreadable
-- ARGV[9] error
-- ARGV[10] retry record's field that says that the entry has ended (park.lua sets it, too); dropped when the position has
--   passed the entry
--
-- Returns 1, also for a repeat; -1 if the lease is lost
-- Emits   to KEYS[3]: source, entry, subject, type, version, attempts, reason, error, first, last (ms), e
local lease, stream, dead, blocked, retries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local value, source, entry, subject = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local event_type, version, attempts, reason, error_text, ended = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]

if redis.call('GET', lease) ~= value then return -1 end
local prefix = source .. '|' .. entry .. '|'
local time = redis.call('TIME')
local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local first = redis.call('HGET', retries, prefix .. 'first') or now_ms
local last = redis.call('HGET', retries, prefix .. 'last') or now_ms
for _, what in ipairs({'attempts', 'crashes', 'first', 'last', 'error', 'handling'}) do
  redis.call('HDEL', retries, prefix .. what)
end
if redis.call('HSETNX', retries, ended, 'dead') == 0 then return 1 end

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
