-- Puts an entry whose subject is blocked behind the dead letter that blocks it, so that both can be
-- replayed in order; while they are being replayed, behind the replays.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] STREAM events
-- KEYS[3] STREAM dead letters of the consumer
-- KEYS[4] HASH   blocked subjects; see keys.h
-- KEYS[5] STREAM replays of the consumer
-- KEYS[6] HASH   retry records of the consumer
--
-- ARGV[1] value of the lease
-- ARGV[2] source            ARGV[3] entry id
-- ARGV[4] subject
-- ARGV[5] type              ARGV[6] version of the aggregate
-- ARGV[7] field of the retry record that says that the entry has ended, as in dead_letter.lua
--
-- Returns 1, also for a repeat; 0 if the subject is not blocked any more: nothing is done; -1 if the lease is lost
-- Emits   to KEYS[3]: source, entry, subject, type, version, attempts, reason, error, first, last (ms), e;
--   or to KEYS[5]: source, entry, subject, type, version, attempts, first, replays, e
local lease, stream, dead, blocked, replays, retries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local value, source, entry, subject = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local event_type, version, ended = ARGV[5], ARGV[6], ARGV[7]

if redis.call('GET', lease) ~= value then return -1 end
if redis.call('HEXISTS', retries, ended) == 1 then return 1 end
local record = redis.call('HGET', blocked, source .. '|' .. subject)
if not record then return 0 end
redis.call('HSET', retries, ended, 'parked')

local time = redis.call('TIME')
local now_ms = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local body = ''
local found = redis.call('XRANGE', stream, entry, entry)
if found[1] then
  for i = 1, #found[1][2], 2 do
    if found[1][2][i] == 'e' then body = found[1][2][i + 1] end
  end
end
local blocker, replayed = string.match(record, '^(.*)|(%d+)|replay$')
if blocker then
  redis.call('XADD', replays, '*', 'source', source, 'entry', entry, 'subject', subject, 'type', event_type,
    'version', version, 'attempts', '0', 'first', '', 'replays', '0', 'e', body)
  redis.call('HSET', blocked, source .. '|' .. subject, blocker .. '|' .. (tonumber(replayed) + 1) .. '|replay')
  return 1
end
local parked
blocker, parked = string.match(record, '^(.*)|(%d+)$')
redis.call('XADD', dead, '*', 'source', source, 'entry', entry, 'subject', subject, 'type', event_type,
  'version', version, 'attempts', '0', 'reason', 'waits', 'error', 'waits behind ' .. blocker, 'first', now_ms,
  'last', now_ms, 'e', body)
redis.call('HSET', blocked, source .. '|' .. subject, blocker .. '|' .. (tonumber(parked) + 1))
return 1
