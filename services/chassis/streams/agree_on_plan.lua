-- Fixes what a request will do, so that a repeat does the same and no more: the first plan counts.
--
-- KEYS[1] HASH   request record: f fingerprint, s plan
--
-- ARGV[1] request fingerprint
-- ARGV[2] its retention, ms
-- ARGV[3] plan; empty: only ask
--
-- Returns {0, plan} the plan that counts, empty when there is none; {-2} request id reused
local request = KEYS[1]
local fingerprint, retention_ms, plan = ARGV[1], ARGV[2], ARGV[3]

local first = redis.call('HMGET', request, 'f', 's')
if first[1] and first[1] ~= fingerprint then return {-2} end
if first[2] then return {0, first[2]} end
if plan == '' then return {0, ''} end
redis.call('HSET', request, 'f', fingerprint, 's', plan)
redis.call('PEXPIRE', request, retention_ms)
return {0, plan}
