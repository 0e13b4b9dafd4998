-- Reads one page of indexes, of each by falling score and then by falling member, after a given place. No entry need be
-- there. Exact among equal scores, in O(log n) steps.
--
-- KEYS[n] ZSET an index
--
-- ARGV[1] most entries to return of each
-- ARGV[2] score of the place to start after, empty: from the top
-- ARGV[3] its member
--
-- Returns for each index {member, score, member, score, ...}
-- Emits   nothing
local limit, score, member = tonumber(ARGV[1]), ARGV[2], ARGV[3]

-- Lua compares strings by the locale, sorted sets by bytes.
local function less(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function rank_behind_place(index)
  if score == '' then return 0 end
  local first = redis.call('ZCOUNT', index, '(' .. score, '+inf')
  local past = first + redis.call('ZCOUNT', index, score, score)
  while first < past do
    local middle = math.floor((first + past) / 2)
    if less(redis.call('ZREVRANGE', index, middle, middle)[1], member) then
      past = middle
    else
      first = middle + 1
    end
  end
  return first
end

local pages = {}
for n, index in ipairs(KEYS) do
  local first = rank_behind_place(index)
  pages[n] = redis.call('ZREVRANGE', index, first, first + limit - 1, 'WITHSCORES')
end
return pages
