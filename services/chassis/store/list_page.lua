-- Reads one page of an index, by falling score and then by falling member, after a given entry. The entry need not
-- exist any more. Exact among equal scores, in O(log n) steps.
--
-- KEYS[1] ZSET the index
--
-- ARGV[1] most entries to return
-- ARGV[2] score of the entry to start after, empty: from the top
-- ARGV[3] its member
--
-- Returns member, score, member, score, ...
-- Emits   nothing
local index = KEYS[1]
local limit, score, member = tonumber(ARGV[1]), ARGV[2], ARGV[3]

-- Lua compares strings by the locale, sorted sets by bytes.
local function less(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local first = 0
if score ~= '' then
  first = redis.call('ZCOUNT', index, '(' .. score, '+inf')
  local past = first + redis.call('ZCOUNT', index, score, score)
  while first < past do
    local middle = math.floor((first + past) / 2)
    if less(redis.call('ZREVRANGE', index, middle, middle)[1], member) then
      past = middle
    else
      first = middle + 1
    end
  end
end
return redis.call('ZREVRANGE', index, first, first + limit - 1, 'WITHSCORES')
