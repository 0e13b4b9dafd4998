-- Reads an aggregate and what is remembered of the request that is about it, at one moment: were they read one after the
-- other, a decision could be made on the request's own effect. In a cluster the answers to single commands may also come in
-- another order than they were sent, while a slot moves.
--
-- KEYS[1] HASH the aggregate
-- KEYS[2] HASH request records of one generation
-- KEYS[3] HASH request records of the other generation
--
-- ARGV[1] field of the request's record
-- ARGV[2] field of the cause; empty: none
--
-- Returns version, state, version of the cause, first record, second record; what is absent is nil
-- Emits   nothing
local loaded = redis.call('HMGET', KEYS[1], 'v', 's', ARGV[2])
loaded[4] = redis.call('HGET', KEYS[2], ARGV[1])
loaded[5] = redis.call('HGET', KEYS[3], ARGV[1])
return loaded
