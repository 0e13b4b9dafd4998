-- Ends one dead letter, wholly or not at all: replays it or discards it, lets what waits behind it go on in its
-- order, publishes the fact and remembers the request. Called by whoever was asked, not by the holder of the
-- partition: what goes on is moved to the replays, which the holder reads, and the subject stays blocked until
-- the last of them has ended.
--
-- KEYS[1] STREAM dead letters of the consumer
-- KEYS[2] HASH   blocked subjects; see keys.h
-- KEYS[3] STREAM replays of the consumer
-- KEYS[4] STREAM events of the service
-- KEYS[5] HASH   request record: f fingerprint, s answer, "letter:<entry id>" what became of the letter
--
-- ARGV[1] entry id of the letter   ARGV[2] replay or discard
-- ARGV[3] request fingerprint      ARGV[4] retention of its record, ms
-- ARGV[5] serialized event of the fact
-- ARGV[6] answer to remember, empty: none
--
-- Returns {0, number that waited} done; {1, number that waited, answer} repeated; {-1} there is no such letter (of a
--   replay this is remembered); {-2} request id reused
-- Emits   the letter (of a replay) and what waited to KEYS[3]: source, entry, subject, type, version, attempts, first,
--   replays, e; the fact to KEYS[4], field e
local dead, blocked, replays, events, request = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, mode, fingerprint, retention_ms, fact, answer = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local page_size = 500

local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local function remember(what)
  redis.call('HSET', request, 'f', fingerprint, 'letter:' .. id, what)
  if answer ~= '' then redis.call('HSET', request, 's', answer) end
  redis.call('PEXPIRE', request, retention_ms)
end

local first = redis.call('HMGET', request, 'f', 'letter:' .. id, 's')
if first[1] and first[1] ~= fingerprint then return {-2} end
if first[2] == 'gone' then return {-1} end
if first[2] then return {1, tonumber(first[2]), first[3] or ''} end

local found = redis.call('XRANGE', dead, id, id)
local letter = found[1] and named(found[1][2])
if not letter or letter.reason == 'waits' then
  if mode == 'replay' then remember('gone') end
  return {-1}
end

local subject = letter.source .. '|' .. letter.subject
local blocker, parked = string.match(redis.call('HGET', blocked, subject) or '', '^(.*)|(%d+)$')
-- Not so only for an event that could not be read when it became a dead letter: nothing waits for it.
local blocks = letter.subject ~= '' and blocker == letter.entry

-- The subject of an entry says whose block ends with the last such entry.
local function put_back(fields, times)
  redis.call('XADD', replays, '*', 'source', fields.source, 'entry', fields.entry, 'subject',
    blocks and fields.subject or '', 'type', fields.type, 'version', fields.version, 'attempts', fields.attempts,
    'first', fields.first, 'replays', times, 'e', fields.e)
end

redis.call('XDEL', dead, id)
local going_on = 0
if mode == 'replay' then
  put_back(letter, tonumber(letter.replays or '0') + 1)
  going_on = 1
end
local waited, after = 0, id
while blocks and waited < tonumber(parked) do
  local page = redis.call('XRANGE', dead, '(' .. after, '+', 'COUNT', page_size)
  if #page == 0 then break end
  for _, entry in ipairs(page) do
    after = entry[1]
    local fields = named(entry[2])
    if fields.reason == 'waits' and fields.source == letter.source and fields.subject == letter.subject then
      fields.first = ''
      put_back(fields, 0)
      redis.call('XDEL', dead, after)
      waited = waited + 1
    end
  end
end
going_on = going_on + waited
if blocks and going_on > 0 then
  redis.call('HSET', blocked, subject, letter.entry .. '|' .. going_on .. '|replay')
elseif blocks then
  redis.call('HDEL', blocked, subject)
end
redis.call('XADD', events, '*', 'e', fact)
remember(waited)
return {0, waited}
