-- Takes over a page of a group's pending entries, whoever they were delivered to. The lease makes it
-- safe: nobody else may handle them now.
--
-- KEYS[1] STRING lease of the partition
-- KEYS[2] STREAM events
--
-- ARGV[1] value of the lease
-- ARGV[2] group
-- ARGV[3] consumer
-- ARGV[4] cursor: where the page starts
-- ARGV[5] entries of a page
--
-- Returns {next cursor, entries, ids of entries without a body (acknowledged by this), deliveries of each
--   entry}; the cursor 0-0 is the end, an empty page is not. -1 if the lease is lost, or the error NOGROUP
local lease, stream = KEYS[1], KEYS[2]
local value, group, consumer, cursor, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

if redis.call('GET', lease) ~= value then return -1 end
local page = redis.pcall('XAUTOCLAIM', stream, group, consumer, 0, cursor, 'COUNT', count)
if page.err then return page end

local entries, deliveries = page[2], {}
if #entries > 0 then
  local first, last = entries[1][1], entries[#entries][1]
  local times = {}
  for _, pending in ipairs(redis.call('XPENDING', stream, group, first, last, count)) do
    times[pending[1]] = pending[4]
  end
  for i, entry in ipairs(entries) do deliveries[i] = times[entry[1]] or 1 end
end
return {page[1], entries, page[3], deliveries}
