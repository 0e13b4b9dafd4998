-- Gives a lease back, so that another instance can take the partition at once.
--
-- KEYS[1] STRING lease
--
-- ARGV[1] value of the lease
--
-- Returns 1, or -1 if the lease was lost before
local lease = KEYS[1]
local value = ARGV[1]

if redis.call('GET', lease) ~= value then return -1 end
redis.call('DEL', lease)
return 1
