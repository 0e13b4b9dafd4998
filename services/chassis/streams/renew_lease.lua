-- Prolongs a lease that its holder still has.
--
-- KEYS[1] STRING lease
--
-- ARGV[1] value of the lease
-- ARGV[2] time to live, ms
--
-- Returns 1, or -1 if the lease is lost
local lease = KEYS[1]
local value, ttl_ms = ARGV[1], ARGV[2]

if redis.call('GET', lease) ~= value then return -1 end
redis.call('PEXPIRE', lease, ttl_ms)
return 1
