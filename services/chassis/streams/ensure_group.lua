-- What a holder has to know before it reads. Makes the consumer group if it is missing, at the position kept outside of it:
-- never at the end of the stream, which would skip what nobody has handled. Notices a stream that lost its end (a copy of
-- Redis that is older than what groups had read, a truncated file, a hand): new entries could get ids that groups have
-- passed, and would be skipped. So the stream's last id is moved on behind everything that any group was given.
--
-- KEYS[1] STREAM events
-- KEYS[2] HASH   positions: group -> entry id up to which it has acknowledged everything; ":trimmed", see trim_stream.lua
-- KEYS[3] HASH   what the consumer has in hand: source -> HandedEntries, "<source>|left"
--
-- ARGV[1] group
-- ARGV[2] source
--
-- Returns {created 0 or 1, position, position that was kept or "", last id that the stream had, group that was furthest if
--   the end is lost or "", its id, entries that were removed though not by trimming, entries up to the position ever or -1,
--   what the former holder had in hand or "", 1 if it left in good order (told once), how many of the open entries that it
--   names are not there any more}
-- Prelude entry_ids.lua: after, before
local stream, positions, handed = KEYS[1], KEYS[2], KEYS[3]
local group, source = ARGV[1], ARGV[2]
local page, most_counted = 1000, 20000

local function named(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- Entries behind an id; nil if they are too many to be counted.
local function behind(id)
  local counted = 0
  while counted < most_counted do
    local entries = redis.call('XRANGE', stream, '(' .. id, '+', 'COUNT', page)
    counted = counted + #entries
    if #entries < page then return counted end
    id = entries[#entries][1]
  end
end

local last_id, length, removed, added = '0-0', 0, 0, 0
local delivered, read, pending
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
local told = redis.call('HGET', handed, source) or ''
local done_to, given_to = string.match(told, '^([^|]*)|([^|]*)|')
if done_to then
  reached(group, done_to)
  reached(group, given_to)
end
if redis.call('EXISTS', stream) == 1 then
  local state = named(redis.call('XINFO', 'STREAM', stream))
  last_id = state['last-generated-id']
  length, added = state.length, state['entries-added'] or state.length
  removed = added - length - tonumber(trimmed or '0')
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local about = named(info)
    reached(about.name, about['last-delivered-id'])
    if about.name == group then
      delivered, read, pending = about['last-delivered-id'], about['entries-read'], about.pending
    end
  end
end

local position, created = kept[group] or '', delivered and 0 or 1
if created == 1 then
  -- Behind the end: what was added since then has smaller ids.
  delivered = position == '' and '0-0' or position
  if after(delivered, last_id) then delivered = last_id end
elseif pending > 0 then
  -- Of a build that kept what was in hand in the group's pending list: it is delivered again.
  delivered, read = before(redis.call('XPENDING', stream, group)[2]), nil
  redis.call('XGROUP', 'DESTROY', stream, group)
end
if not read then
  if #redis.call('XRANGE', stream, '-', delivered, 'COUNT', 1) == 0 then
    read = added - length
  else
    local unread = behind(delivered)
    read = unread and added - unread or -1
  end
  if created == 1 or pending > 0 then
    redis.call('XGROUP', 'CREATE', stream, group, delivered, 'MKSTREAM', 'ENTRIESREAD', read)
  else
    redis.call('XGROUP', 'SETID', stream, group, delivered, 'ENTRIESREAD', read)
  end
end
if delivered ~= (kept[group] or '0-0') then redis.call('HSET', positions, group, delivered) end

local gone = 0
for id in string.gmatch(string.match(told, '^[^|]*|[^|]*|(.*)$') or '', '[^,]+') do
  if #redis.call('XRANGE', stream, id, id) == 0 then gone = gone + 1 end
end
local left = redis.call('HDEL', handed, source .. '|left')

local lost = after(furthest_id, last_id)
if lost then redis.call('XSETID', stream, furthest_id) end
return {created, delivered, position, last_id, lost and furthest or '', lost and furthest_id or '', math.max(removed, 0),
  read, told, left, gone}
