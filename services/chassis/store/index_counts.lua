-- Counts the entries of indexes of one partition between two scores, both inclusive, in O(log n) steps each.
--
-- KEYS[n] ZSET the index of the n-th count
--
-- ARGV[2n - 1] its least score
-- ARGV[2n]     its greatest score
--
-- Returns the counts in the order of the keys
-- Emits   nothing
local counts = {}
for n, index in ipairs(KEYS) do
  local least, greatest = ARGV[2 * n - 1], ARGV[2 * n]
  counts[n] = redis.call('ZCOUNT', index, least, greatest)
end
return counts
