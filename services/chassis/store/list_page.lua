-- Reads one page of indexes together, by falling score and then by falling member, after a given place. No entry need be
-- there. Exact among equal scores, in O(log n) steps for each index.
--
-- KEYS[n] ZSET an index; no member is in two of them
--
-- ARGV[1] most entries to return
-- ARGV[2] score of the place to start after, empty: from the top
-- ARGV[3] its member
--
-- Returns {member, score, member, score, ...}
-- Emits   nothing
local limit, place_score, place_member = tonumber(ARGV[1]), ARGV[2], ARGV[3]
-- Entries read of an index at a time: its share of the page and one more, so that only the few with more than that are
-- read again.
local chunk = math.min(limit, math.ceil(limit / #KEYS) + 1)

-- Lua compares strings by the locale, sorted sets by bytes.
local function less(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function rank_behind_place(index)
  if place_score == '' then return 0 end
  local first = redis.call('ZCOUNT', index, '(' .. place_score, '+inf')
  local past = first + redis.call('ZCOUNT', index, place_score, place_score)
  while first < past do
    local middle = math.floor((first + past) / 2)
    if less(redis.call('ZREVRANGE', index, middle, middle)[1], place_member) then
      past = middle
    else
      first = middle + 1
    end
  end
  return first
end

local function read(run)
  run.entries = redis.call('ZREVRANGE', run.index, run.rank, run.rank + chunk - 1, 'WITHSCORES')
  run.rank = run.rank + chunk
  run.at = 1
end

-- To the next entry of the index; none when there is no member.
local function advance(run)
  if run.at > #run.entries and #run.entries == 2 * chunk then read(run) end
  run.member, run.written, run.score = run.entries[run.at], run.entries[run.at + 1], tonumber(run.entries[run.at + 1])
  run.at = run.at + 2
end

local function comes_before(a, b)
  if a.score ~= b.score then return a.score > b.score end
  return less(b.member, a.member)
end

local runs = {}
for _, index in ipairs(KEYS) do
  local run = {index = index, rank = rank_behind_place(index)}
  read(run)
  advance(run)
  if run.member then runs[#runs + 1] = run end
end

local page = {}
for _ = 1, limit do
  local first
  for _, run in ipairs(runs) do
    if run.member and (not first or comes_before(run, first)) then first = run end
  end
  if not first then break end
  page[#page + 1] = first.member
  page[#page + 1] = first.written
  advance(first)
end
return page
